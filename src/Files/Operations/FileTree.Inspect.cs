using System;
using Cashew.Abi;

namespace Cashew.Files;

public static partial class FileTree
{
    /// <summary>What stat(2) and its relatives report.</summary>
    /// <source>stat(2): needs no permission on the file itself.</source>
    public static Errno GetStat(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, WalkFlags flags, out Stat stat)
    {
        if (!PathWalk.TryFindInode(caller, start, path, flags, out _, out Inode? inode, out Errno error))
        {
            stat = default;
            return error;
        }

        inode.GetStat(out stat);
        return Errno.None;
    }

    /// <summary>Whether these credentials may do something with a file; none asks whether it
    /// exists.</summary>
    /// <param name="caller">With the real user and group as fsuid and fsgid, unless AT_EACCESS was
    /// given.</param>
    /// <errors>EACCES: a permission bit, or the mount's noexec. EROFS: a write to a file of a read-only file
    /// system.</errors>
    /// <source>access(2), faccessat2(2).</source>
    public static Errno CheckAccess(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, WalkFlags flags, AccessModes wanted)
    {
        if (!PathWalk.TryFindInode(caller, start, path, flags, out Mount? mount, out Inode? inode, out Errno error))
        {
            return error;
        }

        if ((wanted & AccessModes.Execute) != 0 && inode.IsRegular && mount.Has(MountOptions.NoExecute))
        {
            return Errno.EACCES;
        }

        error = Permission.Check(inode, wanted, caller.Credentials);
        if (error != Errno.None || (wanted & AccessModes.Write) == 0) return error;

        // A device or a FIFO can be written to whatever the file system allows.
        bool isSpecial = inode.Type is InodeType.CharacterDevice or InodeType.BlockDevice or InodeType.Fifo
            or InodeType.Socket;
        return !isSpecial && mount.IsReadOnly ? Errno.EROFS : Errno.None;
    }

    /// <summary>What statfs(2) reports of the file system a path is on.</summary>
    public static Errno GetStatistics(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, out Statfs statistics)
    {
        statistics = default;
        if (!PathWalk.TryFindInode(
            caller, start, path, WalkFlags.FollowLast | WalkFlags.AllowEmpty, out Mount? mount, out _, out Errno error))
        {
            return error;
        }

        GetStatistics(mount, out statistics);
        return Errno.None;
    }

    /// <inheritdoc cref="GetStatistics(in FileCaller, PathLocation, ReadOnlySpan{byte}, out Statfs)"/>
    public static void GetStatistics(Mount mount, out Statfs statistics)
    {
        mount.Filesystem.GetStatistics(out statistics);
        statistics.f_namelen = NameRules.MaxNameBytes;
        statistics.f_flags = StatfsBits.ST_VALID;
        if (mount.IsReadOnly) statistics.f_flags |= StatfsBits.ST_RDONLY;
        MountOptions options = mount.Options;
        FilesystemOptions shared = mount.Filesystem.Options;
        if ((shared & FilesystemOptions.Synchronous) != 0) statistics.f_flags |= StatfsBits.ST_SYNCHRONOUS;
        if ((shared & FilesystemOptions.MandatoryLocks) != 0) statistics.f_flags |= StatfsBits.ST_MANDLOCK;
        if ((options & MountOptions.NoSetUid) != 0) statistics.f_flags |= StatfsBits.ST_NOSUID;
        if ((options & MountOptions.NoDevices) != 0) statistics.f_flags |= StatfsBits.ST_NODEV;
        if ((options & MountOptions.NoExecute) != 0) statistics.f_flags |= StatfsBits.ST_NOEXEC;
        if ((options & MountOptions.NoAccessTimes) != 0) statistics.f_flags |= StatfsBits.ST_NOATIME;
        if ((options & MountOptions.NoDirectoryAccessTimes) != 0) statistics.f_flags |= StatfsBits.ST_NODIRATIME;
        if ((options & MountOptions.RelativeAccessTimes) != 0) statistics.f_flags |= StatfsBits.ST_RELATIME;
        if ((options & MountOptions.NoSymbolicLinks) != 0) statistics.f_flags |= StatfsBits.ST_NOSYMFOLLOW;
    }
}
