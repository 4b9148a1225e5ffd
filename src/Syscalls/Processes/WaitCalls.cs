using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Waiting for children.</summary>
internal static class WaitCalls
{
    private const int KindBits = WaitBits.__WNOTHREAD | WaitBits.__WCLONE | WaitBits.__WALL;
    private const int EventBits = WaitBits.WEXITED | WaitBits.WSTOPPED | WaitBits.WCONTINUED;
    private const int KnownToWait4 = WaitBits.WNOHANG | WaitBits.WUNTRACED | WaitBits.WCONTINUED | KindBits;
    private const int KnownToWaitid = WaitBits.WNOHANG | WaitBits.WNOWAIT | EventBits | KindBits;

    /// <summary>The part of siginfo_t that waitid fills: si_signo to si_status.</summary>
    private const int ReportBytes = 28;

    /// <errors>ECHILD. EINTR. EINVAL: an unknown option. ESRCH: INT_MIN. EFAULT.</errors>
    /// <source>wait4(2), waitpid(2)</source>
    internal static SyscallResult Wait4(
        UserThread caller, int pid, UserAddress statusAddress, int options, UserAddress usageAddress)
    {
        if ((options & ~KnownToWait4) != 0) return Errno.EINVAL;
        if (pid == int.MinValue) return Errno.ESRCH;

        Errno error = ChildWait.Wait(caller, Target(caller, pid), options | WaitBits.WEXITED, out ChildReport report);
        if (error != Errno.None) return error;
        if (report.ProcessId == 0) return 0;

        // The child is gone by now: a bad address loses its status, as on Linux.
        if (!statusAddress.IsNull && !UserMemory.TryWrite(statusAddress, report.Status.Value)) return Errno.EFAULT;
        if (!usageAddress.IsNull && !UserMemory.TryWrite(usageAddress, report.Usage.ToRusage())) return Errno.EFAULT;
        return report.ProcessId;
    }

    /// <summary>Reports in a siginfo_t; with WNOHANG and nothing to report its si_signo and si_pid are
    /// zero.</summary>
    /// <errors>ECHILD. EINTR. EINVAL: an unknown option, no event asked for, or a bad id. EBADF: P_PIDFD
    /// without such a descriptor. EAGAIN: it has PIDFD_NONBLOCK, and there is nothing to report.
    /// EFAULT.</errors>
    /// <source>waitid(2), with the fifth argument that only the kernel's call has</source>
    internal static SyscallResult Waitid(
        UserThread caller, int kind, int id, UserAddress infoAddress, int options, UserAddress usageAddress)
    {
        if ((options & ~KnownToWaitid) != 0 || (options & EventBits) == 0) return Errno.EINVAL;
        Errno error = TryTakeTarget(caller, kind, id, out WaitTarget target, out bool isNonBlocking);
        if (error != Errno.None) return error;
        int given = options;
        if (isNonBlocking) options |= WaitBits.WNOHANG;
        error = ChildWait.Wait(caller, target, options, out ChildReport report);
        if (error != Errno.None) return error;

        bool hasReport = report.ProcessId != 0;
        if (!hasReport && options != given) return Errno.EAGAIN;
        if (hasReport && !usageAddress.IsNull && !UserMemory.TryWrite(usageAddress, report.Usage.ToRusage()))
            return Errno.EFAULT;
        if (infoAddress.IsNull) return 0;

        SignalInfo info = hasReport
            ? SignalInfo.FromChild(Signals.SIGCHLD, report.Code, report.ProcessId, report.Uid, report.CodeValue, 0, 0)
            : default;
        Span<byte> bytes = stackalloc byte[SignalInfo.UserSizeBytes];
        info.Write(bytes);
        return UserMemory.CopyOut(infoAddress, bytes[..ReportBytes]) == ReportBytes ? 0 : Errno.EFAULT;
    }

    private static WaitTarget Target(UserThread caller, int pid) => pid switch
    {
        -1 => WaitTarget.Any,
        0 => WaitTarget.Group(caller.Process.Group.Id),
        < 0 => WaitTarget.Group(-pid),
        _ => WaitTarget.Number(pid),
    };

    private static Errno TryTakeTarget(
        UserThread caller, int kind, int id, out WaitTarget target, out bool isNonBlocking)
    {
        isNonBlocking = false;
        target = WaitTarget.Any;
        switch (kind)
        {
            case WaitBits.P_ALL:
                return Errno.None;

            case WaitBits.P_PID:
                target = WaitTarget.Number(id);
                return id <= 0 ? Errno.EINVAL : Errno.None;

            case WaitBits.P_PGID:
                target = WaitTarget.Group(id == 0 ? caller.Process.Group.Id : id);
                return id < 0 ? Errno.EINVAL : Errno.None;

            case WaitBits.P_PIDFD:
                if (id < 0) return Errno.EINVAL;
                if (!ProcessFileArgument.TryRead(caller, id, out Process? process, out isNonBlocking, out Errno error))
                    return error;
                target = WaitTarget.Only(process);
                return Errno.None;

            default:
                return Errno.EINVAL;
        }
    }
}
