using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class EpollCtl
{
    /// <errors>EINVAL: an unknown flag. EMFILE.</errors>
    /// <source>epoll_create(2)</source>
    internal static SyscallResult Create(UserThread caller, uint flags)
        => (flags & ~EpollBits.EPOLL_CLOEXEC) != 0
            ? Errno.EINVAL
            : NewFile.Install(caller, new EpollFile(), flags);

    /// <summary>The older call, whose size means nothing any more.</summary>
    /// <errors>EINVAL: the size is not positive. EMFILE.</errors>
    /// <source>epoll_create(2)</source>
    internal static SyscallResult CreateSized(UserThread caller, int size)
        => size <= 0 ? Errno.EINVAL : Create(caller, 0);

    /// <summary>Changes what an epoll watches.</summary>
    /// <errors>
    /// EFAULT. EBADF. EPERM: a file that cannot be watched. EINVAL: no epoll, an epoll and itself, an
    /// unknown operation.
    /// EEXIST, ENOENT, ELOOP, ENOSPC: see <see cref="EpollFile"/>.
    /// </errors>
    /// <source>epoll_ctl(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int epollFd, uint operation, int fd, UserAddress address)
    {
        EpollEvent what = default;
        if (operation != EpollBits.EPOLL_CTL_DEL && !UserMemory.TryRead(address, out what))
        {
            return Errno.EFAULT;
        }

        if (!caller.Descriptors.TryUse(epollFd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!caller.Descriptors.TryUse(fd, out FileUse target, out error)) return error;
            using (target)
            {
                if (!target.File.HasReadiness) return Errno.EPERM;
                return use.File is EpollFile epoll ? Do(caller, epoll, operation, fd, target.File, what) : Errno.EINVAL;
            }
        }
    }

    private static Errno Do(
        UserThread caller, EpollFile epoll, uint operation, int fd, OpenFile file, EpollEvent what)
    {
        // epoll_ctl(2), EPOLLWAKEUP: silently ignored without the capability; and no machine here goes to
        // sleep.
        if (!caller.Credentials.Has(Capability.CAP_BLOCK_SUSPEND)) what.events &= ~EpollBits.EPOLLWAKEUP;
        switch (operation)
        {
            case EpollBits.EPOLL_CTL_ADD:
                return epoll.Add(fd, file, what, caller.FileAccount);
            case EpollBits.EPOLL_CTL_MOD:
                return epoll.Modify(fd, file, what);
            case EpollBits.EPOLL_CTL_DEL:
                return epoll.Remove(fd, file);
            default:
                return Errno.EINVAL;
        }
    }
}
