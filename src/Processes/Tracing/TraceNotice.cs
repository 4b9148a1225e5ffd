using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Tells a tracer of what happened to its tracee: SIGCHLD, and the end of its wait.</summary>
/// <source>ptrace(2); sigaction(2), SA_NOCLDSTOP.</source>
internal static class TraceNotice
{
    private const int SignalMask = 0x7F;

    internal static void TellStopped(Tracee tracee, SignalEntry entry)
    {
        bool isGroup = tracee.Kind is TraceStopKind.Group or TraceStopKind.Trap;
        int code = isGroup ? SigInfoCode.CLD_STOPPED : SigInfoCode.CLD_TRAPPED;
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            if (tracee.Tracer?.Process is not { } tracer) return;
            SignalAction action = tracer.SignalState.Actions[Signals.SIGCHLD];
            if (!action.IsIgnore && !action.Has(SigactionBits.SA_NOCLDSTOP))
            {
                ResourceUsage usage = ResourceUsage.Of(tracee.Thread);
                entry.Info = Info(tracee, code, tracee.Code & SignalMask, usage);
                SignalSender.Send(tracer, entry);
            }

            tracer.ChildEvents.WakeAll();
        }
    }

    /// <summary>Traced threads are waited for even by a tracer that ignores SIGCHLD.</summary>
    /// <locking>The tree lock is held.</locking>
    internal static void TellEndLocked(Tracee tracee, WaitStatus status, in ResourceUsage usage)
    {
        Process tracer = tracee.Tracer!.Process;
        tracee.EndNotice.Info = Info(tracee, status.ChildCode, status.ChildStatus, usage);
        SignalSender.Send(tracer, tracee.EndNotice);
        tracer.ChildEvents.WakeAll();
    }

    /// <summary>Whether the parent is not told by the tracer's being told.</summary>
    internal static bool HasForeignTracer(UserThread thread)
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
            return !ReferenceEquals(thread.Tracee?.Tracer?.Process, thread.Process.Parent);
    }

    private static SignalInfo Info(Tracee tracee, int code, int status, in ResourceUsage usage) =>
        SignalInfo.FromChild(
            Signals.SIGCHLD, code, tracee.Pid.Number, tracee.Thread.Credentials.Uid, status,
            ClockTicks.Of(usage.UserTime), ClockTicks.Of(usage.SystemTime));
}
