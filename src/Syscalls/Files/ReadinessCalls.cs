using Cashew.Abi;

namespace Cashew.Syscalls;

/// <summary>Watching many files at once, and files that are there to be watched.</summary>
internal static class ReadinessCalls
{
    internal static void AddTo(SyscallTable table)
    {
        table.Add(
            SyscallNumber.epoll_create, "epoll_create",
            static (caller, in a) => EpollCtl.CreateSized(caller, a.A0));
        table.Add(
            SyscallNumber.epoll_create1, "epoll_create1",
            static (caller, in a) => EpollCtl.Create(caller, a.A0));
        table.Add(
            SyscallNumber.epoll_ctl, "epoll_ctl",
            static (caller, in a) => EpollCtl.Invoke(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.epoll_wait, "epoll_wait",
            static (caller, in a) => EpollWait.Invoke(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.epoll_pwait, "epoll_pwait",
            static (caller, in a) => MaskedWait.EpollPwait(caller, a.A0, a.A1, a.A2, a.A3, a.A4, a.A5));
        table.Add(
            SyscallNumber.epoll_pwait2, "epoll_pwait2",
            static (caller, in a) => MaskedWait.EpollPwait2(caller, a.A0, a.A1, a.A2, a.A3, a.A4, a.A5));
        table.Add(SyscallNumber.eventfd, "eventfd", static (caller, in a) => Eventfd.Invoke(caller, a.A0, 0));
        table.Add(SyscallNumber.eventfd2, "eventfd2", static (caller, in a) => Eventfd.Invoke(caller, a.A0, a.A1));
        InotifyCalls.AddTo(table);
        table.Add(
            SyscallNumber.timerfd_create, "timerfd_create",
            static (caller, in a) => Timerfd.Create(caller, a.A0, a.A1),
            "no TFD_IOC_SET_TICKS");
        table.Add(
            SyscallNumber.timerfd_settime, "timerfd_settime",
            static (caller, in a) => Timerfd.Set(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.timerfd_gettime, "timerfd_gettime",
            static (caller, in a) => Timerfd.Get(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.signalfd, "signalfd",
            static (caller, in a) => Signalfd.Invoke(caller, a.A0, a.A1, a.A2, 0));
        table.Add(
            SyscallNumber.signalfd4, "signalfd4",
            static (caller, in a) => Signalfd.Invoke(caller, a.A0, a.A1, a.A2, a.A3));
    }
}
