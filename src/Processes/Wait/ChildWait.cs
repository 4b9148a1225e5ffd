using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>Waits for children to end, stop or go on.</summary>
/// <source>wait(2), wait4(2).</source>
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

    /// <summary>One look at all children. Met when there is something to report, or nobody to wait for.</summary>
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
            for (Process? child = parent.FirstChild; child is not null; child = child.NextSibling)
            {
                if (!IsEligible(child)) continue;
                Error = Errno.None;
                if (TryReportEnd(child) || TryReportStop(child) || TryReportContinue(child))
                    return true;
            }

            return Error == Errno.ECHILD;
        }

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
