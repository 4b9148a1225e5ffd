using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>What makes two futex addresses the same futex: an address space and an address in it, or a shared
/// object and an offset.</summary>
internal readonly struct FutexKey(object owner, ulong offset) : IEquatable<FutexKey>
{
    private const ulong AlignmentMask = sizeof(uint) - 1;

    private readonly object _owner = owner;

    public ulong Offset { get; } = offset;

    /// <errors>EINVAL: not aligned. EFAULT: not a user address, or nothing mapped there for a shared futex.
    /// </errors>
    public static bool TryCreate(FutexScope scope, UserAddress at, out FutexKey key, out Errno error)
    {
        key = default;
        error = Errno.EINVAL;
        if ((at.Value & AlignmentMask) != 0) return false;
        error = Errno.EFAULT;
        if (!UserAddress.IsValidRange(at, sizeof(uint))) return false;

        error = Errno.None;
        AddressSpace memory = UserThread.Current.Process.Memory!;
        if (scope == FutexScope.Private || !TryFindShared(memory, at, out key)) key = new FutexKey(memory, at.Value);
        return true;
    }

    /// <summary>The object behind a shared mapping; false where the memory is the program's own.</summary>
    private static bool TryFindShared(AddressSpace memory, UserAddress at, out FutexKey key)
    {
        key = default;
        if (!memory.TryGetNext(at, out VmaInfo info) || info.Start > at || !info.IsShared) return false;
        object? owner = info.File is OpenFile file ? file.Inode : info.File;
        if (owner is null) return false;
        ulong offset = at - info.Start + (ulong)info.FirstPage * UserAddress.PageSizeBytes;
        key = new FutexKey(owner, offset);
        return true;
    }

    public bool Equals(FutexKey other) => ReferenceEquals(_owner, other._owner) && Offset == other.Offset;

    public override bool Equals(object? obj) => obj is FutexKey other && Equals(other);

    public override int GetHashCode() => (int)(Offset ^ Offset >> 32);
}
