using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Syscalls;

/// <summary>A structure that grows from version to version: the program says how long its own is.</summary>
/// <source>clone(2) and openat2(2), "Extensibility".</source>
internal static class StructArgument
{
    /// <summary>Reads as much as both sides know; what the program does not give is zero.</summary>
    /// <errors>EFAULT. E2BIG: something other than zero where we know no field.</errors>
    internal static Errno Read(Span<byte> known, UserAddress address, ulong size)
    {
        int given = (int)ulong.Min(size, (ulong)known.Length);
        known[given..].Clear();
        if (UserMemory.CopyIn(known[..given], address) < given) return Errno.EFAULT;
        for (ulong at = (ulong)given; at < size; at++)
        {
            if (!UserMemory.TryRead(address + at, out byte rest)) return Errno.EFAULT;
            if (rest != 0) return Errno.E2BIG;
        }

        return Errno.None;
    }
}
