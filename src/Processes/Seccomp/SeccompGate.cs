using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Asks a restricted thread's filters about each call, and does what they say.</summary>
/// <source>seccomp(2)</source>
public static class SeccompGate
{
    private const uint MaxErrno = 4095;
    private const int LogLinesPerSecond = 10;

    private static readonly LogRate s_rate = new(LogLinesPerSecond);

    /// <summary>Whether the call is made. If not, RAX holds what it returns.</summary>
    public static bool Admits(UserThread thread, ref UserRegisters user)
    {
        if (thread.Tracee is { } tracee && tracee.Has(PtraceRequest.PTRACE_O_SUSPEND_SECCOMP)) return true;
        if (thread.IsSeccompStrict) AdmitStrict(thread, (int)user.OriginalRax);
        return thread.SeccompFilter is not { } filter || Obey(thread, filter, ref user, mayAsk: true);
    }

    /// <source>seccomp(2), SECCOMP_SET_MODE_STRICT: "The only system calls that the calling thread is
    /// permitted to make"; "other system calls result in the termination of the calling thread".</source>
    private static void AdmitStrict(UserThread thread, int number)
    {
        if (number is SyscallNumber.read or SyscallNumber.write or SyscallNumber.exit or SyscallNumber.rt_sigreturn)
            return;
        ThreadExit.Kill(thread, Signals.SIGKILL);
    }

    private static bool Obey(UserThread thread, SeccompFilter filter, ref UserRegisters user, bool mayAsk)
    {
        uint decision = filter.Decide(new SeccompCall(in user), out SeccompFilter deciding);
        uint action = decision & SeccompBits.SECCOMP_RET_ACTION_FULL;
        uint data = decision & SeccompBits.SECCOMP_RET_DATA;
        bool isLogged = action != SeccompBits.SECCOMP_RET_ALLOW
            && (deciding.Logs || action == SeccompBits.SECCOMP_RET_LOG);
        if (isLogged && s_rate.MayWrite())
            Log.Info($"seccomp: pid {thread.Process.Id}: call {(int)user.OriginalRax}: {action:x}");

        switch (action)
        {
            case SeccompBits.SECCOMP_RET_ALLOW or SeccompBits.SECCOMP_RET_LOG:
                return true;
            case SeccompBits.SECCOMP_RET_ERRNO:
                user.Rax = unchecked((ulong)-(long)uint.Min(data, MaxErrno));
                return false;
            case SeccompBits.SECCOMP_RET_TRAP:
                Trap(thread, ref user, data);
                return false;
            case SeccompBits.SECCOMP_RET_TRACE:
                // A tracer that has changed the call cannot wave it through.
                return !mayAsk || AskTracer(thread, filter, ref user, data);
            case SeccompBits.SECCOMP_RET_USER_NOTIF:
                // There are no listeners.
                user.Rax = unchecked((ulong)-(long)Errno.ENOSYS);
                return false;
            default:
                Kill(thread, in user, action, data);
                return false;
        }
    }

    /// <source>seccomp(2), SECCOMP_RET_TRAP.</source>
    private static void Trap(UserThread thread, ref UserRegisters user, uint data)
    {
        SignalInfo info = InfoOf(in user, data);
        // The handler sees the registers as they were before the call, and can make one up.
        user.Rax = user.OriginalRax;
        user.OriginalRax = ulong.MaxValue;
        SignalSender.Force(thread, info);
    }

    /// <source>seccomp(2), SECCOMP_RET_TRACE: without a tracer that wants to know the call is
    /// ENOSYS.</source>
    private static bool AskTracer(UserThread thread, SeccompFilter filter, ref UserRegisters user, uint data)
    {
        user.Rax = unchecked((ulong)-(long)Errno.ENOSYS);
        if (!TraceEvents.Seccomp(thread, data)) return false;
        if (PendingSignals.IsToExit(thread) || (int)user.OriginalRax < 0) return false;
        return Obey(thread, thread.SeccompFilter ?? filter, ref user, mayAsk: false);
    }

    private static void Kill(UserThread thread, in UserRegisters user, uint action, uint data)
    {
        bool isAlone = thread.Process.LiveThreadCount == 1;
        if (action == SeccompBits.SECCOMP_RET_KILL_THREAD && !isAlone) ThreadExit.Kill(thread, Signals.SIGSYS);
        SignalSender.ForceFatal(thread, InfoOf(in user, data));
    }

    private static SignalInfo InfoOf(in UserRegisters user, uint data) => new()
    {
        Number = Signals.SIGSYS,
        ErrorNumber = (int)data,
        Code = SigInfoCode.SYS_SECCOMP,
        Word0 = user.Rip,
        Word1 = (uint)user.OriginalRax | (ulong)SeccompBits.AUDIT_ARCH_X86_64 << 32,
    };
}
