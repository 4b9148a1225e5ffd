using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class StatxCall
{
    private const int KnownFlags = AtBits.AT_SYMLINK_NOFOLLOW | AtBits.AT_NO_AUTOMOUNT | AtBits.AT_EMPTY_PATH
        | AtBits.AT_STATX_SYNC_TYPE;

    /// <summary>What is known about a file, with the time of its birth and the mount.</summary>
    /// <errors>EINVAL: unknown flags, or the reserved bit of the mask. The rest as newfstatat(2).</errors>
    /// <source>statx(2).</source>
    internal static SyscallResult Invoke(
        UserThread caller, int directoryFd, UserAddress pathAddress, int flags, uint mask, UserAddress result)
    {
        if ((mask & StatxBits.STATX__RESERVED) != 0 || (flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if ((flags & AtBits.AT_STATX_SYNC_TYPE) == AtBits.AT_STATX_SYNC_TYPE) return Errno.EINVAL;

        if (!TryReadPath(caller, pathAddress, flags, out ReadOnlySpan<byte> path, out Errno error)) return error;
        if (!PathStart.TryGet(caller, directoryFd, path, out PathStart start, out error)) return error;
        Statx statx;
        using (start)
        {
            bool isFileItself = path.IsEmpty && (flags & AtBits.AT_EMPTY_PATH) != 0 && start.File is not null;
            if (isFileItself) Fill(start.File!.Inode, start.Location.IsNone ? null : start.Location.Mount, out statx);
            else if (PathWalk.TryFindInode(caller.FileCaller, start.Location, path, PathFlags.From(flags),
                out Mount? mount, out Inode? inode, out error)) Fill(inode, mount, out statx);
            else return error;
        }

        return UserMemory.TryWrite(result, statx) ? 0 : Errno.EFAULT;
    }

    /// <source>statx(2): with AT_EMPTY_PATH the path may be null since Linux 6.11.</source>
    private static bool TryReadPath(
        UserThread caller, UserAddress address, int flags, out ReadOnlySpan<byte> path, out Errno error)
    {
        path = default;
        error = Errno.None;
        bool isNone = address.IsNull && (flags & AtBits.AT_EMPTY_PATH) != 0;
        return isNone || UserPath.TryRead(caller, address, out path, out error);
    }

    private static void Fill(Inode inode, Mount? mount, out Statx statx)
    {
        inode.GetStat(out Stat stat);
        DeviceNumber device = inode.Filesystem.Device;
        statx = default;
        statx.stx_mask = StatxBits.STATX_BASIC_STATS | StatxBits.STATX_BTIME;
        statx.stx_blksize = (uint)stat.st_blksize;
        statx.stx_nlink = (uint)stat.st_nlink;
        statx.stx_uid = stat.st_uid;
        statx.stx_gid = stat.st_gid;
        statx.stx_mode = (ushort)stat.st_mode;
        statx.stx_ino = stat.st_ino;
        statx.stx_size = (ulong)stat.st_size;
        statx.stx_blocks = (ulong)stat.st_blocks;
        statx.stx_atime = Time(stat.st_atim);
        statx.stx_mtime = Time(stat.st_mtim);
        statx.stx_ctime = Time(stat.st_ctim);
        statx.stx_btime = Time(ClockTicks.ToTimespec(inode.Created));
        statx.stx_rdev_major = inode.Device.Major;
        statx.stx_rdev_minor = inode.Device.Minor;
        statx.stx_dev_major = device.Major;
        statx.stx_dev_minor = device.Minor;
        if (mount is null) return;
        statx.stx_mask |= StatxBits.STATX_MNT_ID;
        statx.stx_mnt_id = (ulong)mount.Id;
        statx.stx_attributes_mask = StatxBits.STATX_ATTR_MOUNT_ROOT;
        if (ReferenceEquals(mount.Root.Inode, inode)) statx.stx_attributes = StatxBits.STATX_ATTR_MOUNT_ROOT;
    }

    private static StatxTimestamp Time(Timespec time) => new() { tv_sec = time.tv_sec, tv_nsec = (uint)time.tv_nsec };
}
