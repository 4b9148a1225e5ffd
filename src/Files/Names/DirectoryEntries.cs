using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>Asks file systems for entries that the cache does not know.</summary>
internal static class DirectoryEntries
{
    /// <summary>The entry, negative if there is none. Not pinned.</summary>
    /// <errors>ESTALE: the directory has been dropped from the cache while we were on our way: resolve again.
    /// What the file system says otherwise, but not ENOENT.</errors>
    /// <locking>Takes the directory's lock.</locking>
    internal static bool TryLookup(
        Dentry parent, Inode directory, ReadOnlySpan<byte> name, uint hash, [NotNullWhen(true)] out Dentry? child,
        out Errno error)
    {
        using SleepLock.Guard guard = directory.Lock!.Acquire();
        return TryLookupLocked(parent, directory, name, hash, out child, out error);
    }

    /// <inheritdoc cref="TryLookup"/>
    /// <locking>The directory's lock is held.</locking>
    internal static bool TryLookupLocked(
        Dentry parent, Inode directory, ReadOnlySpan<byte> name, uint hash, [NotNullWhen(true)] out Dentry? child,
        out Errno error)
    {
        error = Errno.None;
        child = DentryTable.FindExactly(parent, name, hash);
        if (child is not null) return true;

        if (!directory.TryLookup(name, out Inode? inode, out error) && error != Errno.ENOENT) return false;

        error = Errno.None;
        child = new Dentry(parent, name.ToArray(), hash, inode);
        if (!directory.CachesName(inode) || directory.IsRemoved || DentryCache.TryInsert(parent, child)) return true;

        child = null;
        error = Errno.ESTALE;
        return false;
    }
}
