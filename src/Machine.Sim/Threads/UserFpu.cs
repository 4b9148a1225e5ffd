using System;
using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>The floating-point and vector state of one user thread: an XSAVE area with x87, SSE and
/// AVX.</summary>
/// <source>Intel SDM volume 1, 13 (XSAVE area), 10.5.1 (FXSAVE area).</source>
public sealed class UserFpu
{
    private const int LegacyBytes = 512;
    private const int HeaderBytes = 64;
    private const int AvxBytes = 256;
    private const int ControlWordOffset = 0;
    private const int SoftwareOffset = 464;
    private const int MxcsrOffset = 24;
    private const ushort InitialControlWord = 0x37F;
    private const uint InitialMxcsr = 0x1F80;
    private const ulong LegacyComponents = 3;

    private readonly byte[] _area = new byte[LegacyBytes + HeaderBytes + AvxBytes];

    internal UserFpu()
    {
        Reset();
    }

    public static int SizeBytes => LegacyBytes + HeaderBytes + AvxBytes;

    public static ulong Components => 7;

    public static uint MxcsrMask => 0xFFFF;

    /// <summary>The registers themselves, for tests that play a program.</summary>
    public Span<byte> Registers => _area;

    public void Reset()
    {
        Array.Clear(_area);
        MemoryMarshal.Write(_area.AsSpan(ControlWordOffset), InitialControlWord);
        MemoryMarshal.Write(_area.AsSpan(MxcsrOffset), InitialMxcsr);
        MemoryMarshal.Write(_area.AsSpan(LegacyBytes), LegacyComponents);
    }

    public void CopyFrom(UserFpu other) => other._area.CopyTo(_area, 0);

    public void Save(Span<byte> image) => _area.CopyTo(image);

    public bool TryCopyOutAndReset(UserAddress at, ReadOnlySpan<byte> software)
    {
        software.CopyTo(_area.AsSpan(SoftwareOffset));
        if (UserMemory.CopyOut(at, _area) != SizeBytes) return false;
        Reset();
        return true;
    }

    public bool TryCopyIn(UserAddress at, bool isWhole)
    {
        byte[] image = new byte[SizeBytes];
        int lengthBytes = isWhole ? SizeBytes : LegacyBytes;
        if (UserMemory.CopyIn(image.AsSpan(0, lengthBytes), at) != lengthBytes) return false;
        if (!isWhole) MemoryMarshal.Write(image.AsSpan(LegacyBytes), LegacyComponents);
        return TryLoad(image);
    }

    public bool TryLoad(ReadOnlySpan<byte> image)
    {
        if (image.Length < SizeBytes || (MemoryMarshal.Read<uint>(image[MxcsrOffset..]) & ~MxcsrMask) != 0
            || (MemoryMarshal.Read<ulong>(image[LegacyBytes..]) & ~Components) != 0
            || image.Slice(LegacyBytes + sizeof(ulong), HeaderBytes - sizeof(ulong)).ContainsAnyExcept((byte)0))
        {
            return false;
        }

        image[..SizeBytes].CopyTo(_area);
        return true;
    }
}
