using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Words of a stopped thread's memory.</summary>
/// <source>ptrace(2), PTRACE_PEEKTEXT and PTRACE_POKETEXT.</source>
public static class TraceMemory
{
    /// <errors>EIO: not mapped.</errors>
    public static Errno Peek(UserThread thread, UserAddress at, out ulong word)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        word = 0;
        if (thread.Process.Memory is not { } memory || !memory.TryRetain()) return Errno.EIO;
        int length = memory.CopyInForced(bytes, at);
        memory.Release();
        word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return length == bytes.Length ? Errno.None : Errno.EIO;
    }

    /// <errors>EIO: not mapped, or shared and not writable.</errors>
    public static Errno Poke(UserThread thread, UserAddress at, ulong word)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, word);
        if (thread.Process.Memory is not { } memory || !memory.TryRetain()) return Errno.EIO;
        int length = memory.CopyOutForced(at, bytes);
        memory.Release();
        return length == bytes.Length ? Errno.None : Errno.EIO;
    }
}
