using System;
using System.Collections.Generic;
using System.Text;
using Cashew.Machine;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Processes;

/// <summary>Reads a new program's stack as its start-up code would.</summary>
/// <source>The x86-64 psABI, figure 3.9 "Initial Process Stack".</source>
internal sealed class ProgramView
{
    private readonly AddressSpace _space;

    internal ProgramView(AddressSpace space, UserAddress stackPointer)
    {
        _space = space;
        Assert.Equal(0UL, stackPointer.Value % 16);
        UserAddress at = stackPointer;
        ulong count = Word(ref at);
        ReadStrings(ref at, Arguments);
        Assert.Equal(count, (ulong)Arguments.Count);
        ReadStrings(ref at, Environment);
        for (ulong type = Word(ref at); type != 0; type = Word(ref at)) Auxiliary.Add(type, Word(ref at));
        Assert.Equal(0UL, Word(ref at));
    }

    internal List<string> Arguments { get; } = [];

    internal List<string> Environment { get; } = [];

    internal Dictionary<ulong, ulong> Auxiliary { get; } = [];

    internal string Text(ulong address)
    {
        List<byte> bytes = [];
        for (UserAddress at = new(address); ; at += 1)
        {
            byte value = Bytes(at, 1)[0];
            if (value == 0) return Encoding.UTF8.GetString(bytes.ToArray());
            bytes.Add(value);
        }
    }

    internal byte[] Bytes(UserAddress at, int count)
    {
        byte[] bytes = new byte[count];
        Assert.Equal(count, _space.CopyIn(bytes, at));
        return bytes;
    }

    private ulong Word(ref UserAddress at)
    {
        ulong word = BitConverter.ToUInt64(Bytes(at, sizeof(ulong)));
        at += sizeof(ulong);
        return word;
    }

    private void ReadStrings(ref UserAddress at, List<string> strings)
    {
        for (ulong pointer = Word(ref at); pointer != 0; pointer = Word(ref at)) strings.Add(Text(pointer));
    }
}
