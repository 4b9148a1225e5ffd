using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class StatxCall
{
    private const ulong MountRoot = StatxBits.STATX_ATTR_MOUNT_ROOT;
    private const ulong FlagAttributes = StatxBits.STATX_ATTR_IMMUTABLE | StatxBits.STATX_ATTR_APPEND
        | StatxBits.STATX_ATTR_NODUMP;

    private const int KnownFlags = AtBits.AT_SYMLINK_NOFOLLOW | AtBits.AT_NO_AUTOMOUNT | AtBits.AT_EMPTY_PATH
        | AtBits.AT_STATX_SYNC_TYPE;

    /// <summary>What is known about a file, with a mask that says what was asked for and what is
    /// there.</summary>
    /// <errors>EINVAL: an unknown flag, both kinds of synchronization, or a reserved bit of the mask.
    /// EFAULT.</errors>
    /// <source>statx(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int directoryFd, UserAddress path, int flags, uint mask, UserAddress result)
    {
        if ((mask & StatxBits.STATX__RESERVED) != 0) return Errno.EINVAL;
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if ((flags & AtBits.AT_STATX_SYNC_TYPE) == AtBits.AT_STATX_SYNC_TYPE) return Errno.EINVAL;
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            PathLocation place = argument.Itself(flags)?.LinkTarget ?? default;
            if (place.IsNone && !PathWalk.TryLocate(
                caller.FileCaller, argument.Start, argument.Path, PathArgument.FollowUnless(flags), out place,
                out error))
            {
                return error;
            }

            Statx statx = Describe(place);
            return UserMemory.TryWrite(result, statx) ? 0 : Errno.EFAULT;
        }
    }

    private static Statx Describe(PathLocation place)
    {
        Inode inode = place.Inode;
        inode.GetStat(out Stat stat);
        return new Statx
        {
            stx_mask = StatxBits.STATX_BASIC_STATS | StatxBits.STATX_BTIME | StatxBits.STATX_MNT_ID,
            stx_attributes = Attributes(place),
            stx_attributes_mask = inode.Filesystem.HasFileFlags ? MountRoot | FlagAttributes : MountRoot,
            stx_mnt_id = (ulong)place.Mount.Id,
            stx_blksize = (uint)stat.st_blksize,
            stx_nlink = (uint)stat.st_nlink,
            stx_uid = stat.st_uid,
            stx_gid = stat.st_gid,
            stx_mode = (ushort)stat.st_mode,
            stx_ino = stat.st_ino,
            stx_size = (ulong)stat.st_size,
            stx_blocks = (ulong)stat.st_blocks,
            stx_atime = Stamp(stat.st_atim),
            stx_btime = Stamp(Times.ToTimespec(inode.Created)),
            stx_ctime = Stamp(stat.st_ctim),
            stx_mtime = Stamp(stat.st_mtim),
            stx_rdev_major = inode.Device.Major,
            stx_rdev_minor = inode.Device.Minor,
            stx_dev_major = inode.Filesystem.Device.Major,
            stx_dev_minor = inode.Filesystem.Device.Minor,
        };
    }

    private static ulong Attributes(PathLocation place)
    {
        FileFlags flags = place.Inode.Flags;
        ulong attributes = ReferenceEquals(place.Dentry, place.Mount.Root) ? MountRoot : 0;
        if ((flags & FileFlags.Immutable) != 0) attributes |= StatxBits.STATX_ATTR_IMMUTABLE;
        if ((flags & FileFlags.AppendOnly) != 0) attributes |= StatxBits.STATX_ATTR_APPEND;
        if ((flags & FileFlags.NoDump) != 0) attributes |= StatxBits.STATX_ATTR_NODUMP;
        return attributes;
    }

    private static StatxTimestamp Stamp(Timespec time) =>
        new() { tv_sec = time.tv_sec, tv_nsec = (uint)time.tv_nsec };
}
