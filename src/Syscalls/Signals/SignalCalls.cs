using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Signals.</summary>
internal static class SignalCalls
{
    internal static void AddTo(SyscallTable table)
    {
        table.Add(
            SyscallNumber.rt_sigaction, "rt_sigaction",
            static (caller, in a) => SigactionCall.Invoke(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.rt_sigprocmask, "rt_sigprocmask",
            static (caller, in a) => SignalMaskCalls.Sigprocmask(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.rt_sigpending, "rt_sigpending",
            static (caller, in a) => SignalMaskCalls.Sigpending(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.rt_sigsuspend, "rt_sigsuspend",
            static (caller, in a) => SignalWaitCalls.Sigsuspend(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.rt_sigtimedwait, "rt_sigtimedwait",
            static (caller, in a) => SignalWaitCalls.Sigtimedwait(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.rt_sigqueueinfo, "rt_sigqueueinfo",
            static (caller, in a) => KillCalls.Sigqueueinfo(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.rt_tgsigqueueinfo, "rt_tgsigqueueinfo",
            static (caller, in a) => KillCalls.Tgsigqueueinfo(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.rt_sigreturn, "rt_sigreturn",
            static (caller, in a) => SignalReturn.Return(caller, ref a.Registers));
        table.Add(
            SyscallNumber.sigaltstack, "sigaltstack",
            static (caller, in a) => SignalMaskCalls.Sigaltstack(caller, a.A0, a.A1, a.Registers.Rsp));
        table.Add(
            SyscallNumber.kill, "kill",
            static (caller, in a) => SignalTargets.Kill(caller, a.A0, a.A1));
        table.Add(SyscallNumber.tkill, "tkill", static (caller, in a) => KillCalls.Tkill(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.tgkill, "tgkill",
            static (caller, in a) => KillCalls.Tgkill(caller, a.A0, a.A1, a.A2));
        table.Add(SyscallNumber.pause, "pause", static (caller, in a) => SignalWaitCalls.Pause(caller));
        table.Add(
            SyscallNumber.restart_syscall, "restart_syscall",
            static (caller, in a) => SignalWaitCalls.RestartSyscall(caller));
    }
}
