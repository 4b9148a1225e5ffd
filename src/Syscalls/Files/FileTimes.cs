using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Calls that set the times of files.</summary>
internal static class FileTimes
{
    /// <summary>A null path with a descriptor means the descriptor's own file.</summary>
    /// <errors>EINVAL: unknown flags, or nanoseconds out of range. EFAULT. EACCES, EPERM: not the caller's to set.
    /// </errors>
    /// <source>utimensat(2).</source>
    internal static SyscallResult Set(UserThread caller, int fd, UserAddress address, UserAddress times, int flags)
    {
        TimeChange accessed = TimeChange.Now;
        TimeChange modified = TimeChange.Now;
        if (!times.IsNull)
        {
            if (!UserMemory.TryRead(times, out Timespec first)) return Errno.EFAULT;
            if (!UserMemory.TryRead(times + TimespecBytes, out Timespec second)) return Errno.EFAULT;
            if (!TryConvert(first, out accessed) || !TryConvert(second, out modified)) return Errno.EINVAL;
            // Nothing to do comes before whether the file exists.
            if (accessed.IsKept && modified.IsKept) return 0;
        }

        return Apply(caller, fd, address, accessed, modified, flags);
    }

    /// <source>utimes(2), futimesat(2).</source>
    internal static SyscallResult SetMicroseconds(UserThread caller, int fd, UserAddress address, UserAddress times)
    {
        TimeChange accessed = TimeChange.Now;
        TimeChange modified = TimeChange.Now;
        if (!times.IsNull)
        {
            if (!UserMemory.TryRead(times, out Timeval first)) return Errno.EFAULT;
            if (!UserMemory.TryRead(times + TimespecBytes, out Timeval second)) return Errno.EFAULT;
            if (!ClockTicks.TryConvert(first, out Nanoseconds firstTime)) return Errno.EINVAL;
            if (!ClockTicks.TryConvert(second, out Nanoseconds secondTime)) return Errno.EINVAL;
            accessed = TimeChange.To(firstTime);
            modified = TimeChange.To(secondTime);
        }

        return Apply(caller, fd, address, accessed, modified, 0);
    }

    /// <source>utime(2).</source>
    internal static SyscallResult SetSeconds(UserThread caller, UserAddress address, UserAddress times)
    {
        TimeChange accessed = TimeChange.Now;
        TimeChange modified = TimeChange.Now;
        if (!times.IsNull)
        {
            if (!UserMemory.TryRead(times, out Utimbuf buffer)) return Errno.EFAULT;
            accessed = FromSeconds(buffer.actime);
            modified = FromSeconds(buffer.modtime);
        }

        return Apply(caller, AtBits.AT_FDCWD, address, accessed, modified, 0);
    }

    private const ulong TimespecBytes = 16;

    private static TimeChange FromSeconds(long seconds)
    {
        _ = ClockTicks.TryConvert(new Timespec { tv_sec = long.Max(seconds, 0) }, out Nanoseconds time); // In range.
        return TimeChange.To(time);
    }

    private static bool TryConvert(in Timespec time, out TimeChange change)
    {
        change = time.tv_nsec == UtimeNsec.UTIME_NOW ? TimeChange.Now : TimeChange.Keep;
        if (time.tv_nsec is UtimeNsec.UTIME_NOW or UtimeNsec.UTIME_OMIT) return true;
        bool isValid = ClockTicks.TryConvert(
            new Timespec { tv_sec = long.Max(time.tv_sec, 0), tv_nsec = time.tv_nsec }, out Nanoseconds value);
        change = TimeChange.To(value);
        return isValid;
    }

    private static SyscallResult Apply(
        UserThread caller, int fd, UserAddress address, TimeChange accessed, TimeChange modified, int flags)
    {
        bool isOwnFile = address.IsNull && fd != AtBits.AT_FDCWD;
        if (isOwnFile) return flags != 0 ? Errno.EINVAL : ApplyTo(caller, fd, accessed, modified);

        if ((flags & ~(AtBits.AT_SYMLINK_NOFOLLOW | AtBits.AT_EMPTY_PATH)) != 0) return Errno.EINVAL;
        if (!UserPath.TryRead(caller, address, out ReadOnlySpan<byte> path, out Errno error)) return error;
        if (!PathStart.TryGet(caller, fd, path, out PathStart start, out error)) return error;
        using (start)
        {
            return FileTree.SetTimes(
                caller.FileCaller, start.Location, path, PathFlags.From(flags), accessed, modified);
        }
    }

    private static SyscallResult ApplyTo(UserThread caller, int fd, TimeChange accessed, TimeChange modified)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            Mount? mount = Attributes.MountOf(use.File);
            return FileTree.SetTimes(caller.Credentials, mount, use.File.Inode, accessed, modified);
        }
    }
}
