using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>Waits for children to end, stop or go on, and for traced threads.</summary>
/// <source>wait(2), wait4(2), ptrace(2).</source>
public static class ChildWait
{
    /// <param name="options">Any of the bits of waitid(2); wait4(2) adds WEXITED itself.</param>
    /// <errors>
    /// ECHILD: no such child, so nothing will ever be reported. ERESTARTSYS: a signal came first.
    /// </errors>
    /// <returns>None, with a process id of 0 in the report when WNOHANG found nothing to report.</returns>
    public static Errno Wait(UserThread caller, WaitTarget target, int options, out ChildReport report)
    {
        Attempt attempt = new(caller, target, options);
        if (!attempt.IsMet() && (options & WaitBits.WNOHANG) == 0)
        {
            WakeReason reason = Sleep.Until(
                caller.Process.ChildEvents, ref attempt, SleepMode.Interruptible, Nanoseconds.Max);
            if (reason == WakeReason.Interrupted)
            {
                report = default;
                return Errno.ERESTARTSYS;
            }
        }

        report = attempt.Report;
        return attempt.Error;
    }

    /// <summary>One look at all children. Met when there is something to report, or nobody to wait
    /// for.</summary>
    private struct Attempt : ISleepCondition
    {
        private readonly UserThread _caller;
        private readonly WaitTarget _target;
        private readonly int _options;

        internal Attempt(UserThread caller, WaitTarget target, int options)
        {
            _caller = caller;
            _target = target;
            _options = options;
        }

        internal ChildReport Report;
        internal Errno Error;

        public bool IsMet()
        {
            using (SpinLock.Guard guard = ProcessTree.Lock.Acquire()) return LookLocked();
        }

        private bool LookLocked()
        {
            Error = Errno.ECHILD;
            Process parent = _caller.Process;
            if (TryTracees(parent)) return true;
            for (Process? child = parent.FirstChild; child is not null; child = child.NextSibling)
            {
                // One that is traced from here has been looked at already.
                if (!IsEligible(child) || IsTracedBy(child.Pid.Tracee, parent)) continue;
                Error = Errno.None;
                if (TryReportEnd(child) || TryReportStop(child) || TryReportContinue(child))
                    return true;
            }

            return Error == Errno.ECHILD;
        }

        /// <summary>Threads that the caller traces, or the other threads of its process do.</summary>
        private bool TryTracees(Process parent)
        {
            if ((_options & WaitBits.__WNOTHREAD) != 0) return TryTraceesOf(_caller);
            for (UserThread? tracer = parent.FirstThread; tracer is not null; tracer = tracer.NextThread)
            {
                if (TryTraceesOf(tracer)) return true;
            }

            return false;
        }

        private bool TryTraceesOf(UserThread tracer)
        {
            for (Tracee? tracee = tracer.FirstTracee; tracee is not null; tracee = tracee.NextOfTracer)
            {
                if (!_target.Includes(tracee)) continue;
                Error = Errno.None;
                if (TryReport(tracee)) return true;
            }

            return false;
        }

        private bool TryReport(Tracee tracee)
        {
            if (tracee.HasEnded) return TryReportThreadEnd(tracee);
            Process process = tracee.Thread.Process;
            if (tracee.IsLeader && process.State == ProcessState.Zombie) return TryReportTracedEnd(tracee, process);
            return TryReportTraceStop(tracee) || (tracee.IsLeader && TryReportContinue(process));
        }

        /// <source>ptrace(2), "Death under ptrace".</source>
        private bool TryReportThreadEnd(Tracee tracee)
        {
            if ((_options & WaitBits.WEXITED) == 0) return false;
            WaitStatus status = tracee.EndStatus;
            Fill(tracee, status, status.ChildCode, status.ChildStatus, tracee.EndUsage);
            if ((_options & WaitBits.WNOWAIT) == 0) TraceEnd.ReleaseThreadLocked(tracee);
            return true;
        }

        private bool TryReportTracedEnd(Tracee tracee, Process process)
        {
            if (process.EndedTraceeCount > 0) return false;
            if (ReferenceEquals(process.Parent, _caller.Process)) return TryReportEnd(process);
            if ((_options & WaitBits.WEXITED) == 0) return false;
            WaitStatus status = process.ExitStatus;
            Fill(process, status, status.ChildCode, status.ChildStatus);
            if ((_options & WaitBits.WNOWAIT) != 0) return true;

            TraceLink.UnlinkLocked(tracee);
            ProcessEnd.AnnounceLocked(process);
            return true;
        }

        /// <summary>A tracer hears of stops whether it asked for WUNTRACED or not.</summary>
        private bool TryReportTraceStop(Tracee tracee)
        {
            int code;
            using (SpinLock.Guard guard = tracee.Thread.Process.SignalState.Lock.Acquire())
            {
                if (!tracee.IsStopped || !tracee.IsUnreported) return false;
                code = tracee.Code;
                if ((_options & WaitBits.WNOWAIT) == 0) tracee.IsUnreported = false;
            }

            ResourceUsage usage = ResourceUsage.Of(tracee.Thread);
            Fill(tracee, WaitStatus.Stopped(code), SigInfoCode.CLD_TRAPPED, code, usage);
            return true;
        }

        private static bool IsTracedBy(Tracee? tracee, Process process) =>
            tracee is not null && ReferenceEquals(tracee.Tracer?.Process, process);

        private readonly bool IsEligible(Process child)
        {
            if (!_target.Includes(child)) return false;
            if ((_options & WaitBits.__WNOTHREAD) != 0 && !ReferenceEquals(child.Creator, _caller)) return false;
            if ((_options & WaitBits.__WALL) != 0) return true;
            bool isClone = child.ExitSignal != Signals.SIGCHLD;
            return isClone == ((_options & WaitBits.__WCLONE) != 0);
        }

        private bool TryReportEnd(Process child)
        {
            if ((_options & WaitBits.WEXITED) == 0 || child.State != ProcessState.Zombie) return false;
            if (TraceEnd.IsHeldBackLocked(child)) return false;
            WaitStatus status = child.ExitStatus;
            Fill(child, status, status.ChildCode, status.ChildStatus);
            if ((_options & WaitBits.WNOWAIT) != 0) return true;

            ProcessEnd.AddToParentLocked(child);
            ProcessEnd.ReapLocked(child);
            return true;
        }

        private bool TryReportStop(Process child)
        {
            if ((_options & WaitBits.WSTOPPED) == 0) return false;
            int signal;
            using (SpinLock.Guard guard = child.SignalState.Lock.Acquire())
            {
                if (!child.SignalState.IsStopped || !child.SignalState.IsStopUnreported) return false;
                signal = child.SignalState.StopSignal;
                if ((_options & WaitBits.WNOWAIT) == 0) child.SignalState.IsStopUnreported = false;
            }

            Fill(child, WaitStatus.Stopped(signal), SigInfoCode.CLD_STOPPED, signal);
            return true;
        }

        private bool TryReportContinue(Process child)
        {
            if ((_options & WaitBits.WCONTINUED) == 0) return false;
            using (SpinLock.Guard guard = child.SignalState.Lock.Acquire())
            {
                if (!child.SignalState.IsContinueUnreported) return false;
                if ((_options & WaitBits.WNOWAIT) == 0) child.SignalState.IsContinueUnreported = false;
            }

            Fill(child, WaitStatus.Continued, SigInfoCode.CLD_CONTINUED, Signals.SIGCONT);
            return true;
        }

        private void Fill(Tracee tracee, WaitStatus status, int code, int value, in ResourceUsage usage)
        {
            Report = new ChildReport
            {
                ProcessId = tracee.Pid.Number,
                Uid = tracee.Thread.Credentials.Uid,
                Status = status,
                Code = code,
                CodeValue = value,
                Usage = usage,
            };
        }

        private void Fill(Process child, WaitStatus status, int code, int value)
        {
            Report = new ChildReport
            {
                ProcessId = child.Id,
                Uid = child.Credentials.Uid,
                Status = status,
                Code = code,
                CodeValue = value,
                Usage = ProcessAccounting.WithChildren(child),
            };
        }
    }
}
