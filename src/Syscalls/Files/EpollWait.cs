using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class EpollWait
{
    private const int MaxEvents = int.MaxValue / EpollFile.EventBytes;

    /// <summary>Waits for events of what an epoll watches. A negative time-out means for ever.</summary>
    /// <errors>EINVAL: no epoll, or no room for an event. EBADF. EFAULT. EINTR.</errors>
    /// <source>epoll_wait(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int fd, UserAddress events, int count, int timeoutMs)
    {
        Nanoseconds deadline = timeoutMs < 0
            ? Nanoseconds.Max
            : Clock.Monotonic + Nanoseconds.FromMilliseconds(timeoutMs);
        return InvokeUntil(caller, fd, events, count, deadline);
    }

    internal static SyscallResult InvokeUntil(
        UserThread caller, int fd, UserAddress events, int count, Nanoseconds deadline)
    {
        if (count is <= 0 or > MaxEvents) return Errno.EINVAL;
        if (!UserAddress.IsValidRange(events, (ulong)count * EpollFile.EventBytes)) return Errno.EFAULT;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (use.File is not EpollFile epoll) return Errno.EINVAL;
            return epoll.Wait(events, count, deadline);
        }
    }
}
