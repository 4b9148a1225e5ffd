using System;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files;

public static partial class FileTree
{
    /// <summary>Takes a name from a file that is no directory; with the last name and the last user goes the
    /// file.</summary>
    /// <errors>
    /// EISDIR: a directory, also when the path ends in a dot. ENOENT. ENOTDIR: a slash follows a name of
    /// something else.
    /// EACCES, EPERM: see <see cref="Permission.CheckRemoval"/>. EBUSY: something is mounted on it. EROFS.
    /// </errors>
    /// <source>unlink(2).</source>
    public static Errno Unlink(in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path)
    {
        if (!PathWalk.TryFindParent(caller, start, path, out LastName last, out Errno error)) return error;
        using (last)
        {
            if (last.Kind != LastComponent.Name) return Errno.EISDIR;
            if (last.Parent.Mount.IsReadOnly) return Errno.EROFS;
            Dentry? victim;
            using (last.Directory.Lock!.Acquire())
            {
                if (!last.TryFindLocked(out victim, out error)) return error;
                if (last.HasTrailingSlash) return victim.Inode!.IsDirectory ? Errno.EISDIR : Errno.ENOTDIR;
                error = RemoveLocked(caller, last, victim, wantsDirectory: false);
            }

            if (error == Errno.None) MountNamespace.Uncover(victim);
            return error;
        }
    }

    /// <summary>Removes an empty directory.</summary>
    /// <errors>
    /// ENOTEMPTY: it has entries, or the path ends in "..". EINVAL: the path ends in ".". EBUSY: the root, or
    /// something is mounted on it. ENOTDIR. The rest as <see cref="Unlink"/>.
    /// </errors>
    /// <source>rmdir(2).</source>
    public static Errno RemoveDirectory(in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path)
    {
        if (!PathWalk.TryFindParent(caller, start, path, out LastName last, out Errno error)) return error;
        using (last)
        {
            if (last.Kind == LastComponent.DotDot) return Errno.ENOTEMPTY;
            if (last.Kind == LastComponent.Dot) return Errno.EINVAL;
            if (last.Kind == LastComponent.Root) return Errno.EBUSY;
            if (last.Parent.Mount.IsReadOnly) return Errno.EROFS;
            Dentry? victim;
            using (last.Directory.Lock!.Acquire())
            {
                if (!last.TryFindLocked(out victim, out error)) return error;
                error = RemoveLocked(caller, last, victim, wantsDirectory: true);
            }

            if (error == Errno.None) MountNamespace.Uncover(victim);
            return error;
        }
    }

    private static Errno RemoveLocked(in FileCaller caller, LastName last, Dentry victim, bool wantsDirectory)
    {
        Inode inode = victim.Inode!;
        Errno error = Permission.CheckRemoval(last.Directory, inode, wantsDirectory, caller.Credentials);
        if (error != Errno.None) return error;
        if (caller.Context.Namespace.HasMountOn(victim)) return Errno.EBUSY;

        // Pinned so that the cache does not drop it under us; unpinning lets it go if nobody else holds it.
        bool isPinned = victim.TryPin();
        bool isWatched = FileWatches.AreThere && inode.TryAddUser();
        error = wantsDirectory ? RemoveDirectoryLocked(last, inode) : last.Directory.Unlink(last.Name, inode);
        if (error == Errno.None && isPinned) DentryCache.Unlink(victim);
        if (isWatched)
        {
            if (error == Errno.None) TellRemoved(victim, inode);
            inode.ReleaseUser();
            if (error == Errno.None) FileWatches.ReportEntry(last.Directory, last.Name, inode, InotifyBits.IN_DELETE);
        }

        if (isPinned) victim.Unpin();
        return error;
    }

    private static void TellRemoved(Dentry victim, Inode inode)
    {
        if (!inode.IsDirectory) FileWatches.ReportOf(inode, InotifyBits.IN_ATTRIB);

        // Of a file that is still open it is told when that is closed, as long as it is open by this name: so
        // Linux.
        if (inode.IsRemoved && victim.IsPinnedOnce) FileWatches.FileGone(inode);
    }

    // The victim's own lock keeps it empty until it is marked as removed.
    private static Errno RemoveDirectoryLocked(LastName last, Inode victim)
    {
        using SleepLock.Guard guard = victim.Lock!.AcquireNested(victim.Filesystem.VictimRank);
        return last.Directory.RemoveDirectory(last.Name, victim);
    }
}
