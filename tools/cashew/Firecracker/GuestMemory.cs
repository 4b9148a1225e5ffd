namespace Cashew.Tool.Firecracker;

using System.Collections.Generic;

/// <summary>What lies where in a machine's memory, as tests/Firecracker/shim.S reads it.</summary>
internal sealed class GuestMemory
{
    /// <summary>Where the shim expects it: above the shim itself.</summary>
    internal const uint ShimAddress = 0x500_0000;

    private const uint Magic = 0x4643_5348;
    private const int Alignment = 8;

    private readonly List<(ulong Address, byte[] Bytes)> _pieces = [];

    internal void Put(ulong address, byte[] bytes) => _pieces.Add((address, bytes));

    internal byte[] ForShim(BootProtocol protocol, ulong entry)
    {
        ByteBuilder output = new();
        output.Dword(Magic).Dword((uint)protocol).Qword(entry).Qword((ulong)_pieces.Count);
        foreach ((ulong address, byte[] bytes) in _pieces)
        {
            output.Qword(address).Qword((ulong)bytes.Length).Append(bytes);
            output.ZerosTo((output.Length + Alignment - 1) & -Alignment);
        }

        return output.ToArray();
    }
}
