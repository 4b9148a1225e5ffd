using System;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>Whether what an overlay remembers of its upper layer is still so: programs may change that behind
/// its back, which is their fault, but no reason to break.</summary>
/// <locking>Names: that of the directory is held. What is below what: the rename lock of the file
/// system.</locking>
internal static class UpperTree
{
    /// <errors>ENOENT: the directory has been removed. EIO: the name is not, or no more, that file's; null is
    /// for a name that nobody has.</errors>
    internal static Errno CheckName(Inode directory, ReadOnlySpan<byte> name, Inode? expected)
    {
        if (directory.IsRemoved) return Errno.ENOENT;
        if (!directory.TryLookup(name, out Inode? found, out Errno error) && error != Errno.ENOENT) return error;
        return ReferenceEquals(found, expected) ? Errno.None : Errno.EIO;
    }

    /// <summary>Is a directory another one, or somewhere in it?</summary>
    internal static bool IsBelow(Inode directory, Inode? top)
    {
        Inode? at = directory;
        while (at is not null && !ReferenceEquals(at, top)) at = at.ContainingDirectory;
        return at is not null;
    }

    /// <summary>Of two directories the one that is locked first, as everybody does: the upper one, and of
    /// unrelated ones that with the lower number.</summary>
    internal static Inode FirstOf(Inode one, Inode other) => IsFirst(one, other) ? one : other;

    /// <summary>The other one.</summary>
    internal static Inode SecondOf(Inode one, Inode other) => IsFirst(one, other) ? other : one;

    private static bool IsFirst(Inode one, Inode other)
        => IsBelow(other, one) || (!IsBelow(one, other) && one.Number < other.Number);
}
