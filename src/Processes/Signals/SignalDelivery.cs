using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// The last thing before user mode: pending signals take effect, and a system call that one of them
/// interrupted is set up to fail or to begin again.
/// </summary>
public static class SignalDelivery
{
    /// <summary>The length of the instruction that made the call: to call again is to step back over
    /// it.</summary>
    private const ulong SyscallInstructionBytes = 2;

    /// <summary>Leaves nothing to deliver. Does not return when the thread is to end.</summary>
    public static void Deliver(UserThread thread, ref UserRegisters user)
    {
        ThreadSignals signals = thread.SignalState;
        do
        {
            while (thread.IsInterruptRequested && SignalTaker.TryTake(thread, out SignalInfo info, out SignalAction action))
                Handle(thread, ref user, info, action);
            if (signals.RestartError != Errno.None) RestartWithoutHandler(signals, ref user);
            // What this unblocks may be pending already.
            PendingSignals.RestoreBlocked(thread);
        }
        while (thread.IsInterruptRequested);
    }

    private static void Handle(UserThread thread, ref UserRegisters user, in SignalInfo info, SignalAction action)
    {
        if (thread.SignalState.RestartError != Errno.None)
            RestartForHandler(thread.SignalState, ref user, action);
        bool isReady = thread.Sequence?.TryInterrupt(ref user) ?? true;
        // The frame shows the program's own flags; a tracer that steps stops at the handler's first
        // instruction.
        SingleStep.End(thread);
        if (isReady && SignalFrame.TryPush(thread, ref user, info, action))
        {
            TraceEvents.HandlerEntered(thread);
            return;
        }

        // No room for a frame, or a bad restartable sequence: for SIGSEGV's own handler there never will be.
        if (info.Number == Signals.SIGSEGV) SignalSender.ForceFatal(thread, Signals.SIGSEGV);
        else SignalSender.Force(thread, SignalInfo.FromKernel(Signals.SIGSEGV));
    }

    /// <source>signal(7), "Interruption of system calls and library functions by signal handlers".</source>
    private static void RestartForHandler(ThreadSignals signals, ref UserRegisters user, SignalAction action)
    {
        bool beginsAgain = signals.RestartError == Errno.ERESTARTNOINTR
            || (signals.RestartError == Errno.ERESTARTSYS && action.Has(SigactionBits.SA_RESTART));
        signals.RestartError = Errno.None;
        if (beginsAgain) StepBack(ref user, user.OriginalRax);
        else user.Rax = unchecked((ulong)-(long)Errno.EINTR);
    }

    private static void RestartWithoutHandler(ThreadSignals signals, ref UserRegisters user)
    {
        bool hasBlock = signals.RestartError == Errno.ERESTART_RESTARTBLOCK;
        signals.RestartError = Errno.None;
        StepBack(ref user, hasBlock ? SyscallNumber.restart_syscall : user.OriginalRax);
    }

    private static void StepBack(ref UserRegisters user, ulong number)
    {
        user.Rax = number;
        user.Rip -= SyscallInstructionBytes;
    }
}
