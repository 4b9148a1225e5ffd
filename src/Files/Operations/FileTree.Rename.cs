using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

public static partial class FileTree
{
    private const uint RenameMask = RenameBits.RENAME_NOREPLACE | RenameBits.RENAME_EXCHANGE | RenameBits.RENAME_WHITEOUT;
    private const uint OnlyMoves = RenameBits.RENAME_NOREPLACE | RenameBits.RENAME_WHITEOUT;

    /// <summary>Moves a name, or exchanges two.</summary>
    /// <errors>
    /// EINVAL: unknown or contradictory flags; a directory would become its own ancestor. EXDEV: another
    /// mount.
    /// EBUSY: a path ends in a dot, or something is mounted there. EEXIST: RENAME_NOREPLACE. ENOTEMPTY,
    /// EISDIR, ENOTDIR: what is replaced is not of the same kind or has entries. EACCES, EPERM: see
    /// <see cref="Permission.CheckRemoval"/>.
    /// </errors>
    /// <source>rename(2), renameat2(2).</source>
    public static Errno Rename(
        in FileCaller caller, PathLocation oldStart, ReadOnlySpan<byte> oldPath, PathLocation newStart,
        ReadOnlySpan<byte> newPath, uint flags)
    {
        bool isExchange = (flags & RenameBits.RENAME_EXCHANGE) != 0;
        if ((flags & ~RenameMask) != 0 || (isExchange && (flags & OnlyMoves) != 0)) return Errno.EINVAL;

        if (!PathWalk.TryFindParent(caller, oldStart, oldPath, out LastName from, out Errno error)) return error;
        using (from)
        {
            if (!PathWalk.TryFindParent(caller, newStart, newPath, out LastName to, out error)) return error;
            using (to)
            {
                error = CheckNames(from, to, flags);
                if (error != Errno.None) return error;
                Dentry? replaced;
                using (DirectoryLocks.Acquire(from.Parent.Dentry, to.Parent.Dentry))
                {
                    error = RenameLocked(caller, from, to, flags, out replaced);
                }

                if (error == Errno.None && replaced is not null) MountNamespace.Uncover(replaced);
                return error;
            }
        }
    }

    private static Errno CheckNames(LastName from, LastName to, uint flags)
    {
        if (!ReferenceEquals(from.Parent.Mount, to.Parent.Mount)) return Errno.EXDEV;
        if (from.Kind != LastComponent.Name) return Errno.EBUSY;
        if (to.Kind != LastComponent.Name)
        {
            return (flags & RenameBits.RENAME_NOREPLACE) != 0 ? Errno.EEXIST : Errno.EBUSY;
        }

        return from.Parent.Mount.IsReadOnly ? Errno.EROFS : Errno.None;
    }

    /// <param name="replaced">The entry that is no more.</param>
    private static Errno RenameLocked(
        in FileCaller caller, LastName from, LastName to, uint flags, out Dentry? replaced)
    {
        replaced = null;
        if (!from.TryFindLocked(out Dentry? source, out Errno error)) return error;
        error = to.ProbeLocked(out Inode? existing, out Dentry? negative);
        if (error != Errno.None) return error;

        Dentry? target = null;
        if (existing is not null && !to.TryFindLocked(out target, out error)) return error;
        error = CheckRename(from, source, to, target, flags);
        if (error != Errno.None) return error;

        Inode moved = source.Inode!;
        if (ReferenceEquals(moved, target?.Inode)) return Errno.None;
        bool exchanges = (flags & RenameBits.RENAME_EXCHANGE) != 0;
        error = CheckRenamePermission(caller.Credentials, from.Directory, moved, to.Directory, target?.Inode, exchanges);
        if (error != Errno.None) return error;
        MountNamespace mounts = caller.Context.Namespace;
        if (mounts.HasMountOn(source) || (target is not null && mounts.HasMountOn(target))) return Errno.EBUSY;

        if (!exchanges) replaced = target;
        return exchanges ? Exchange(from, source, to, target!)
            : (flags & RenameBits.RENAME_WHITEOUT) == 0 ? Move(from, source, to, target, negative, null)
            : MoveLeavingWhiteout(caller, from, source, to, target, negative);
    }

    // What the names and kinds alone forbid.
    private static Errno CheckRename(LastName from, Dentry source, LastName to, Dentry? target, uint flags)
    {
        bool exchanges = (flags & RenameBits.RENAME_EXCHANGE) != 0;
        if ((flags & RenameBits.RENAME_NOREPLACE) != 0 && target is not null) return Errno.EEXIST;
        if (exchanges)
        {
            if (target is null) return Errno.ENOENT;
            if (to.HasTrailingSlash && !target.Inode!.IsDirectory) return Errno.ENOTDIR;
        }

        if (!source.Inode!.IsDirectory)
        {
            if (from.HasTrailingSlash || (to.HasTrailingSlash && !exchanges)) return Errno.ENOTDIR;
        }

        if (DirectoryTree.IsBelow(to.Parent.Dentry, source)) return Errno.EINVAL;
        if (target is not null && DirectoryTree.IsBelow(from.Parent.Dentry, target))
        {
            return exchanges ? Errno.EINVAL : Errno.ENOTEMPTY;
        }

        return Errno.None;
    }

    private static Errno CheckRenamePermission(
        Credentials credentials, Inode from, Inode moved, Inode to, Inode? replaced, bool exchanges)
    {
        Errno error = Permission.CheckRemoval(from, moved, moved.IsDirectory, credentials);
        if (error != Errno.None) return error;

        if (replaced is null) error = Permission.CheckCreation(to, credentials);
        else
        {
            bool wantsDirectory = exchanges ? replaced.IsDirectory : moved.IsDirectory;
            error = Permission.CheckRemoval(to, replaced, wantsDirectory, credentials);
        }

        if (error != Errno.None || ReferenceEquals(from, to)) return error;

        // A directory that gets another parent gets another "..": that is a write to it.
        if (moved.IsDirectory) error = Permission.Check(moved, AccessModes.Write, credentials);
        if (error == Errno.None && exchanges && replaced!.IsDirectory)
        {
            error = Permission.Check(replaced, AccessModes.Write, credentials);
        }

        return error;
    }

    // What an overlay file system takes for "nothing here". Anybody may make one; no driver answers for it.
    private static Errno MoveLeavingWhiteout(
        in FileCaller caller, LastName from, Dentry source, LastName to, Dentry? target, Dentry? negative)
    {
        NewNode plain = NewNode.For(from.Directory, Mode.S_IFCHR, caller.Credentials);
        if (!from.Directory.TryCreateUnnamed(plain, out Inode? whiteout, out Errno error))
        {
            return error == Errno.EOPNOTSUPP ? Errno.EINVAL : error;
        }

        error = Move(from, source, to, target, negative, whiteout);
        if (error != Errno.None) whiteout.DropLinks();
        return error;
    }

    private static Errno Move(
        LastName from, Dentry source, LastName to, Dentry? target, Dentry? negative, Inode? left)
    {
        bool sourceIsPinned = source.TryPin();
        bool targetIsPinned = target is not null && target.TryPin();
        MoveReport report = MoveReport.Begin(target?.Inode);
        Errno error = MoveInFilesystem(from, source.Inode!, to, target?.Inode, left);
        if (error == Errno.None)
        {
            if (negative is not null) DentryCache.Forget(negative);
            if (targetIsPinned) DentryCache.Unlink(target!);
            if (sourceIsPinned) _ = DentryCache.TryMove(source, to.Parent.Dentry, to.Name.ToArray(), to.Hash);
            report.Tell(from, source.Inode!, to, target);
        }

        report.End();
        if (targetIsPinned) target!.Unpin();
        if (sourceIsPinned) source.Unpin();
        return error;
    }

    private static Errno MoveInFilesystem(
        LastName from, Inode moved, LastName to, Inode? replaced, Inode? left)
    {
        if (replaced is null || !replaced.IsDirectory) return MoveLocked(from, moved, to, replaced, left);

        using SleepLock.Guard guard = replaced.Lock!.AcquireNested(replaced.Filesystem.VictimRank);
        return MoveLocked(from, moved, to, replaced, left);
    }

    private static Errno MoveLocked(LastName from, Inode moved, LastName to, Inode? replaced, Inode? left)
        => left is null
            ? from.Directory.Rename(from.Name, moved, to.Directory, to.Name, replaced)
            : from.Directory.RenameLeaving(from.Name, moved, to.Directory, to.Name, replaced, left);

    private static Errno Exchange(LastName from, Dentry source, LastName to, Dentry target)
    {
        bool sourceIsPinned = source.TryPin();
        bool targetIsPinned = target.TryPin();
        Errno error = from.Directory.Exchange(from.Name, source.Inode!, to.Directory, to.Name, target.Inode!);
        if (error == Errno.None)
        {
            // In between, both have the same name; a reader finds either, as it may.
            if (sourceIsPinned) _ = DentryCache.TryMove(source, to.Parent.Dentry, to.Name.ToArray(), to.Hash);
            if (targetIsPinned) _ = DentryCache.TryMove(target, from.Parent.Dentry, from.Name.ToArray(), from.Hash);
            MoveReport report = MoveReport.Begin(null);
            report.Tell(from, source.Inode!, to, null);
            report.Tell(to, target.Inode!, from, null);
        }

        if (targetIsPinned) target.Unpin();
        if (sourceIsPinned) source.Unpin();
        return error;
    }
}
