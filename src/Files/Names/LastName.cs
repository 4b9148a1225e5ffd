using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>The last component of a path and the directory it is to be looked up in, which is pinned until
/// this is disposed of.
/// </summary>
internal readonly ref struct LastName : IDisposable
{
    internal LastName(scoped in PathWalker walker)
    {
        Parent = walker.At;
        Name = walker.LastName;
        Hash = walker.LastHash;
        Kind = walker.LastKind;
        HasTrailingSlash = walker.HasTrailingSlash;
    }

    internal PathLocation Parent { get; }
    internal ReadOnlySpan<byte> Name { get; }
    internal uint Hash { get; }
    internal LastComponent Kind { get; }
    internal bool HasTrailingSlash { get; }

    internal Inode Directory => Parent.Inode;

    /// <summary>The existing entry of that name.</summary>
    /// <errors>ENOENT, ENAMETOOLONG, and what the file system says.</errors>
    /// <locking>The directory's lock is held.</locking>
    internal bool TryFindLocked([NotNullWhen(true)] out Dentry? child, out Errno error)
    {
        child = null;
        error = Errno.ENAMETOOLONG;
        if (Name.Length > NameRules.MaxNameBytes) return false;
        if (!DirectoryEntries.TryLookupLocked(Parent.Dentry, Directory, Name, Hash, out child, out error)) return false;
        if (!child.IsNegative) return true;

        child = null;
        error = Errno.ENOENT;
        return false;
    }

    /// <summary>Whether there is an entry of that name, asked by somebody who wants to make one: that there
    /// is none is not remembered, since it will not stay so.</summary>
    /// <param name="negative">The cache's entry that says there is none, to be dropped when there is
    /// one.</param>
    /// <locking>The directory's lock is held.</locking>
    internal Errno ProbeLocked(out Inode? existing, out Dentry? negative)
    {
        existing = null;
        negative = null;
        if (Name.Length > NameRules.MaxNameBytes) return Errno.ENAMETOOLONG;

        Dentry? cached = DentryTable.FindExactly(Parent.Dentry, Name, Hash);
        if (cached is not null)
        {
            existing = cached.Inode;
            if (existing is null) negative = cached;
            return Errno.None;
        }

        if (Directory.TryLookup(Name, out existing, out Errno error) || error == Errno.ENOENT) return Errno.None;
        return error;
    }

    /// <summary>Makes the cache know the file that has just been made. The entry is pinned.</summary>
    /// <locking>The directory's lock is held.</locking>
    internal Dentry RememberLocked(Inode inode, Dentry? negative)
    {
        if (negative is not null) DentryCache.Forget(negative);
        Dentry child = new(Parent.Dentry, Name.ToArray(), Hash, inode);
        bool isPinned = child.TryPin();
        System.Diagnostics.Debug.Assert(isPinned, "nobody knows it yet");

        // The parent is pinned, so it is in the cache or it is unlinked; and nothing is made in an unlinked
        // directory.
        if (Directory.CachesName(inode)) _ = DentryCache.TryInsert(Parent.Dentry, child);
        return child;
    }

    public void Dispose() => Parent.Unpin();
}
