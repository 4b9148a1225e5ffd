using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Utimensat
{
    private const int KnownFlags = AtBits.AT_SYMLINK_NOFOLLOW | AtBits.AT_EMPTY_PATH;
    private const int TimespecBytes = 16;
    private const int TimevalBytes = 16;

    /// <summary>Sets the times of last access and modification.</summary>
    /// <errors>EINVAL: an unknown flag, or nanoseconds out of range. EFAULT. EACCES, EPERM, EROFS: see the
    /// operation.</errors>
    /// <source>utimensat(2): a null path means the descriptor itself; null times mean now.</source>
    internal static SyscallResult Invoke(
        UserThread caller, int directoryFd, UserAddress path, UserAddress times, int flags)
    {
        TimeChange accessed = TimeChange.Now;
        TimeChange modified = TimeChange.Now;
        if (!times.IsNull)
        {
            if (!UserMemory.TryRead(times, out Timespec first)
                || !UserMemory.TryRead(times + TimespecBytes, out Timespec second))
            {
                return Errno.EFAULT;
            }

            if (!TryDecode(first, out accessed) || !TryDecode(second, out modified)) return Errno.EINVAL;

            // Nothing is to be done: not even the file is looked for.
            if (accessed.IsKept && modified.IsKept) return 0;
        }

        return Set(caller, directoryFd, path, accessed, modified, flags);
    }

    /// <source>utimes(2), futimesat(2)</source>
    internal static SyscallResult InvokeMicroseconds(
        UserThread caller, int directoryFd, UserAddress path, UserAddress times)
    {
        TimeChange accessed = TimeChange.Now;
        TimeChange modified = TimeChange.Now;
        if (!times.IsNull)
        {
            if (!UserMemory.TryRead(times, out Timeval first)
                || !UserMemory.TryRead(times + TimevalBytes, out Timeval second))
            {
                return Errno.EFAULT;
            }

            if (!TryDecode(first, out accessed) || !TryDecode(second, out modified)) return Errno.EINVAL;
        }

        return Set(caller, directoryFd, path, accessed, modified, 0);
    }

    /// <source>utime(2)</source>
    internal static SyscallResult InvokeSeconds(UserThread caller, UserAddress path, UserAddress times)
    {
        TimeChange accessed = TimeChange.Now;
        TimeChange modified = TimeChange.Now;
        if (!times.IsNull)
        {
            if (!UserMemory.TryRead(times, out Utimbuf seconds)) return Errno.EFAULT;
            accessed = TimeChange.To(At(seconds.actime, 0));
            modified = TimeChange.To(At(seconds.modtime, 0));
        }

        return Set(caller, AtBits.AT_FDCWD, path, accessed, modified, 0);
    }

    private static SyscallResult Set(
        UserThread caller, int directoryFd, UserAddress path, TimeChange accessed, TimeChange modified, int flags)
    {
        if (path.IsNull && directoryFd != AtBits.AT_FDCWD)
        {
            if (flags != 0) return Errno.EINVAL;
            if (!caller.Descriptors.TryUse(directoryFd, out FileUse use, out Errno failure)) return failure;
            using (use) return SetOf(caller, use.File, accessed, modified);
        }

        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            if (argument.Itself(flags) is { } file) return SetOf(caller, file, accessed, modified);
            return FileTree.SetTimes(
                caller.FileCaller, argument.Start, argument.Path, PathArgument.FollowUnless(flags), accessed, modified);
        }
    }

    private static Errno SetOf(UserThread caller, OpenFile file, TimeChange accessed, TimeChange modified) =>
        FileTree.SetTimes(caller.Credentials, file.Location, file.Inode, accessed, modified);

    private static bool TryDecode(Timespec time, out TimeChange change)
    {
        change = TimeChange.Keep;
        if (time.tv_nsec == UtimeNsec.UTIME_OMIT) return true;
        change = TimeChange.Now;
        if (time.tv_nsec == UtimeNsec.UTIME_NOW) return true;
        if (time.tv_nsec is < 0 or >= Nanoseconds.PerSecond) return false;

        change = TimeChange.To(At(time.tv_sec, time.tv_nsec));
        return true;
    }

    private static bool TryDecode(Timeval time, out TimeChange change)
    {
        const long MicrosecondsPerSecond = 1_000_000;
        change = TimeChange.Now;
        if (time.tv_usec is < 0 or >= MicrosecondsPerSecond) return false;
        change = TimeChange.To(At(time.tv_sec, Nanoseconds.FromMicroseconds(time.tv_usec).Value));
        return true;
    }

    /// <deviation>Times are kept in nanoseconds: the years 1678 to 2261. Others become the nearest of
    /// these.</deviation>
    private static Nanoseconds At(long seconds, long nanoseconds)
    {
        const long most = long.MaxValue / Nanoseconds.PerSecond - 1;
        return seconds > most ? Nanoseconds.FromSeconds(most)
            : seconds < -most ? Nanoseconds.FromSeconds(-most)
            : Nanoseconds.FromSeconds(seconds) + new Nanoseconds(nanoseconds);
    }
}
