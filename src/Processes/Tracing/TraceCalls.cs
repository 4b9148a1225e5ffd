using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Stops at the entry and at the exit of system calls.</summary>
/// <source>ptrace(2), "Syscall-stops"; PTRACE_SYSEMU.</source>
public static class TraceCalls
{
    private const int GoodBit = 0x80;

    /// <summary>Before the call: the tracer may change its number and arguments. False: it is not
    /// made.</summary>
    public static bool Enter(UserThread thread, ref UserRegisters user)
    {
        if (thread.Tracee is not { } tracee) return true;
        tracee.IsInWatchedCall = true;
        TraceMode mode = tracee.Mode;
        if (mode is TraceMode.Continue or TraceMode.Step) return true;

        // What a skipped call returns if the tracer does not say something else.
        user.Rax = unchecked((ulong)-(long)Errno.ENOSYS);
        Stop(thread, TraceStopKind.CallEntry, PtraceRequest.PTRACE_EVENTMSG_SYSCALL_ENTRY);
        if (PendingSignals.IsToExit(thread)) return false;
        return mode == TraceMode.Calls && CallRestart.IsInCall(in user);
    }

    /// <summary>After the call: its result is in RAX, and the tracer may change it.</summary>
    public static void Leave(UserThread thread)
    {
        if (thread.Tracee is not { } tracee) return;
        tracee.IsInWatchedCall = false;
        tracee.OwesCallExit = false;
        if (tracee.Mode == TraceMode.Calls)
        {
            Stop(thread, TraceStopKind.CallExit, PtraceRequest.PTRACE_EVENTMSG_SYSCALL_EXIT);
        }
        else if (tracee.Mode == TraceMode.Step)
        {
            // Entering the kernel took the trap flag away: the step ends here rather than after the next
            // instruction.
            UserAddress here = new(thread.Context.User.Rip);
            SignalSender.Force(thread, SignalInfo.FromFault(Signals.SIGTRAP, SigInfoCode.TRAP_BRKPT, here));
        }
    }

    private static void Stop(UserThread thread, TraceStopKind kind, ulong message)
    {
        bool isGood = thread.Tracee is { } tracee && tracee.Has(PtraceRequest.PTRACE_O_TRACESYSGOOD);
        int code = isGood ? Signals.SIGTRAP | GoodBit : Signals.SIGTRAP;
        int signal = TraceStop.Notify(thread, kind, code, message);
        if (signal != 0) SignalSender.Send(thread, new SignalEntry(SignalInfo.FromKernel(signal)));
    }
}
