using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Watching files for what others do with them.</summary>
internal static class InotifyCalls
{
    private const uint InitFlags = InotifyBits.IN_CLOEXEC | InotifyBits.IN_NONBLOCK;

    // What may be asked for; what is only told may be, too, and changes nothing.
    private const uint KnownMask = InotifyBits.IN_ALL_EVENTS | InotifyBits.IN_UNMOUNT | InotifyBits.IN_Q_OVERFLOW
        | InotifyBits.IN_IGNORED | InotifyBits.IN_ONLYDIR | InotifyBits.IN_DONT_FOLLOW | InotifyBits.IN_EXCL_UNLINK
        | InotifyBits.IN_MASK_CREATE | InotifyBits.IN_MASK_ADD | InotifyBits.IN_ISDIR | InotifyBits.IN_ONESHOT;

    private const uint BothModes = InotifyBits.IN_MASK_ADD | InotifyBits.IN_MASK_CREATE;

    internal static void AddTo(SyscallTable table)
    {
        table.Add(SyscallNumber.inotify_init, "inotify_init", static (caller, in a) => Init(caller, 0));
        table.Add(SyscallNumber.inotify_init1, "inotify_init1", static (caller, in a) => Init(caller, a.A0));
        table.Add(
            SyscallNumber.inotify_add_watch, "inotify_add_watch",
            static (caller, in a) => AddWatch(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.inotify_rm_watch, "inotify_rm_watch",
            static (caller, in a) => RemoveWatch(caller, a.A0, a.A1));
    }

    /// <errors>EINVAL: an unknown flag. EMFILE: no descriptor, or the user has too many instances. ENFILE,
    /// ENOMEM.</errors>
    /// <source>inotify_init(2), inotify_init1(2)</source>
    private static SyscallResult Init(UserThread caller, uint flags)
    {
        if ((flags & ~InitFlags) != 0) return Errno.EINVAL;
        uint status = flags & InotifyBits.IN_NONBLOCK;
        return InotifyFile.TryCreate(caller.FileAccount, status, out InotifyFile? file, out Errno error)
            ? NewFile.Install(caller, file, flags)
            : error;
    }

    /// <errors>EINVAL: the mask has no bit or unknown ones, or says both IN_MASK_ADD and IN_MASK_CREATE; no
    /// inotify instance. EBADF. EFAULT. And those of <see cref="InotifyFile.Watch"/>.</errors>
    /// <source>inotify_add_watch(2)</source>
    private static SyscallResult AddWatch(UserThread caller, int fd, UserAddress path, uint mask)
    {
        if ((mask & KnownMask) == 0 || (mask & ~KnownMask) != 0) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if ((mask & BothModes) == BothModes || use.File is not InotifyFile inotify) return Errno.EINVAL;
            if (!PathArgument.TryTake(caller, AtBits.AT_FDCWD, path, out PathArgument argument, out error)) return error;
            using (argument) return inotify.Watch(caller.FileCaller, argument.Start, argument.Path, mask);
        }
    }

    /// <errors>EBADF. EINVAL: no inotify instance, or no such watch.</errors>
    /// <source>inotify_rm_watch(2)</source>
    private static SyscallResult RemoveWatch(UserThread caller, int fd, int descriptor)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use) return use.File is InotifyFile inotify ? inotify.Unwatch(descriptor) : Errno.EINVAL;
    }
}
