using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>What a tracer asks of a tracee that needs no look into it.</summary>
/// <source>ptrace(2).</source>
public static class TraceRequests
{
    private const uint KnownOptions = PtraceRequest.PTRACE_O_TRACESYSGOOD | PtraceRequest.PTRACE_O_TRACEFORK
        | PtraceRequest.PTRACE_O_TRACEVFORK | PtraceRequest.PTRACE_O_TRACECLONE
        | PtraceRequest.PTRACE_O_TRACEEXEC | PtraceRequest.PTRACE_O_TRACEVFORKDONE
        | PtraceRequest.PTRACE_O_TRACEEXIT | PtraceRequest.PTRACE_O_TRACESECCOMP
        | PtraceRequest.PTRACE_O_EXITKILL | PtraceRequest.PTRACE_O_SUSPEND_SECCOMP;

    /// <errors>EINVAL: unknown options. EPERM: PTRACE_O_SUSPEND_SECCOMP without CAP_SYS_ADMIN.</errors>
    public static Errno CheckOptions(UserThread caller, ulong options)
    {
        if ((options & ~(ulong)KnownOptions) != 0) return Errno.EINVAL;
        bool isPrivileged = (options & PtraceRequest.PTRACE_O_SUSPEND_SECCOMP) != 0;
        return isPrivileged && !caller.Credentials.Has(Capability.CAP_SYS_ADMIN) ? Errno.EPERM : Errno.None;
    }

    public static void SetOptions(Tracee tracee, uint options)
    {
        using (SpinLock.Guard guard = tracee.Thread.Process.SignalState.Lock.Acquire())
            tracee.Options = options;
    }

    public static ulong GetMessage(Tracee tracee) => tracee.Message;

    /// <summary>PTRACE_CONT, PTRACE_SYSCALL and their like: the held tracee goes on when the hold
    /// ends.</summary>
    public static void Resume(Tracee tracee, TraceMode mode, int signal)
    {
        bool isStep = mode is TraceMode.Step or TraceMode.EmulateStep;
        tracee.IsNextLoadingFlags = isStep && SingleStep.LoadsFlags(tracee.Thread);
        using (SpinLock.Guard guard = tracee.Thread.Process.SignalState.Lock.Acquire())
            TraceStop.ResumeLocked(tracee, mode, signal);
    }

    public static void Kill(Tracee tracee) => SignalSender.Raise(tracee.Thread.Process, Signals.SIGKILL);

    /// <errors>EIO: it was not seized.</errors>
    public static Errno Interrupt(Tracee tracee)
    {
        if (!tracee.IsSeized) return Errno.EIO;
        using (SpinLock.Guard guard = tracee.Thread.Process.SignalState.Lock.Acquire())
        {
            if (!ReferenceEquals(tracee.Thread.Tracee, tracee)) return Errno.ESRCH;
            TraceStop.NotifyLocked(tracee);
        }

        return Errno.None;
    }

    /// <summary>A group-stop stays one; the tracee is heard of again when it ends.</summary>
    /// <errors>EIO: it was not seized, or this is no PTRACE_EVENT_STOP.</errors>
    public static Errno Listen(Tracee tracee)
    {
        if (!tracee.IsSeized) return Errno.EIO;
        using (SpinLock.Guard guard = tracee.Thread.Process.SignalState.Lock.Acquire())
        {
            if (tracee.Kind != TraceStopKind.Trap) return Errno.EIO;
            tracee.IsListening = true;
            // Something has happened meanwhile: it stops again at once and says so.
            if (tracee.IsTrapWanted) TraceStop.NotifyLocked(tracee);
            return Errno.None;
        }
    }

    /// <errors>EINVAL: this stop has no siginfo, as a group-stop has none.</errors>
    public static Errno GetSignal(Tracee tracee, out SignalInfo info)
    {
        info = tracee.Info;
        return tracee.HasInfo ? Errno.None : Errno.EINVAL;
    }

    /// <inheritdoc cref="GetSignal"/>
    public static Errno SetSignal(Tracee tracee, in SignalInfo info)
    {
        if (!tracee.HasInfo) return Errno.EINVAL;
        tracee.Info = info;
        return Errno.None;
    }

    /// <summary>The mask the thread will have in its program.</summary>
    public static SignalSet GetMask(Tracee tracee) => tracee.Thread.SignalState.MaskToRestore;

    public static void SetMask(Tracee tracee, SignalSet mask)
    {
        UserThread thread = tracee.Thread;
        using (SpinLock.Guard guard = thread.Process.SignalState.Lock.Acquire())
        {
            thread.SignalState.HasSaved = false;
            thread.SignalState.Blocked = mask.Without(SignalSet.Unblockable);
        }
    }

    /// <summary>The pending signal at a place of the queue, without taking it.</summary>
    public static bool TryPeekSignal(Tracee tracee, ulong index, bool isShared, out SignalInfo info)
    {
        ProcessSignals state = tracee.Thread.Process.SignalState;
        using (SpinLock.Guard guard = state.Lock.Acquire())
        {
            return isShared
                ? state.Queue.TryPeek(index, out info)
                : tracee.Thread.SignalState.Queue.TryPeek(index, out info);
        }
    }

    /// <summary>What kind of stop a system-call stop is, for PTRACE_GET_SYSCALL_INFO; 0 for another
    /// stop.</summary>
    /// <source>ptrace(2): only with PTRACE_O_TRACESYSGOOD can a syscall-stop be told from others.</source>
    public static byte CallStopOf(Tracee tracee)
    {
        const int good = Signals.SIGTRAP | 0x80;
        if (!tracee.HasInfo || tracee.Info.Code != good) return PtraceRequest.PTRACE_SYSCALL_INFO_NONE;
        return tracee.Kind switch
        {
            TraceStopKind.CallEntry => PtraceRequest.PTRACE_SYSCALL_INFO_ENTRY,
            TraceStopKind.CallExit => PtraceRequest.PTRACE_SYSCALL_INFO_EXIT,
            _ => PtraceRequest.PTRACE_SYSCALL_INFO_NONE,
        };
    }
}
