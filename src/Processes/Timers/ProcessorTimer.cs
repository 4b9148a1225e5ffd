using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>
/// ITIMER_VIRTUAL, ITIMER_PROF, RLIMIT_CPU and RLIMIT_RTTIME: timers by the time that a process has run.
/// </summary>
/// <remarks>
/// No tick counts for them. A timer by the clock is armed for the earliest moment at which one could be due
/// (what remains, divided by the processors that its threads could use) and finds out then whether it is.
/// </remarks>
/// <locking>Its own spin lock; the process's signal lock inside it, to add up times. Expiry is in interrupt
/// context.</locking>
internal sealed class ProcessorTimer : TimerTarget
{
    /// <summary>The resolution when little remains, so that a sleeping process is not asked every
    /// microsecond.
    /// </summary>
    private static readonly Nanoseconds s_resolution = Nanoseconds.FromMilliseconds(4);

    private const ulong MicrosecondsPerSecond = 1_000_000;

    private readonly SpinLock _lock = new(LockRank.IntervalTimers);
    private readonly Process _process;
    private readonly Timer _timer;
    private Alarm _virtual;
    private Alarm _profile;
    private bool _isDone;

    internal ProcessorTimer(Process process)
    {
        _process = process;
        _timer = new Timer(this);
    }

    internal TimerSetting Get(int which)
    {
        using (SpinLock.Guard guard = _lock.Acquire()) return Which(which).Get(TimeFor(which));
    }

    internal TimerSetting Set(int which, TimerSetting setting)
    {
        using (SpinLock.Guard guard = _lock.Acquire())
        {
            Nanoseconds now = TimeFor(which);
            TimerSetting old = Which(which).Get(now);
            Which(which).Set(now, setting);
            RearmLocked();
            return old;
        }
    }

    internal void Update()
    {
        using (SpinLock.Guard guard = _lock.Acquire()) RearmLocked();
    }

    internal void Cancel()
    {
        using (SpinLock.Guard guard = _lock.Acquire())
        {
            _isDone = true;
            _ = _timer.Cancel(); // Too late is harmless, as in RealTimer.
        }
    }

    public override void Expired(Timer timer)
    {
        bool isVirtualDue;
        bool isProfileDue;
        int limitSignal;
        int realtimeSignal;
        using (SpinLock.Guard guard = _lock.Acquire())
        {
            if (_isDone) return;
            ResourceUsage usage = ProcessAccounting.OfProcess(_process);
            isVirtualDue = _virtual.TryExpire(usage.UserTime);
            isProfileDue = _profile.TryExpire(usage.CpuTime);
            limitSignal = CheckLimitLocked(RlimitResource.RLIMIT_CPU, usage.CpuTime);
            realtimeSignal = CheckLimitLocked(RlimitResource.RLIMIT_RTTIME, RealtimeBursts.LongestOf(_process));
            RearmLocked();
        }

        if (isVirtualDue) SignalSender.Raise(_process, Signals.SIGVTALRM);
        if (isProfileDue) SignalSender.Raise(_process, Signals.SIGPROF);
        if (limitSignal != 0) SignalSender.Raise(_process, limitSignal);
        if (realtimeSignal != 0) SignalSender.Raise(_process, realtimeSignal);
    }

    /// <summary>Past the soft limit: SIGXCPU, and the limit is a second later then. Past the hard one:
    /// SIGKILL.
    /// </summary>
    /// <source>getrlimit(2), RLIMIT_CPU and RLIMIT_RTTIME.</source>
    private int CheckLimitLocked(int resource, Nanoseconds used)
    {
        if (used <= Nanoseconds.Zero) return 0;
        Rlimit limit = _process.Limits.Get(resource);
        if (used >= TimeOf(resource, limit.rlim_max)) return Signals.SIGKILL;
        if (used < TimeOf(resource, limit.rlim_cur)) return 0;
        _process.Limits.RaiseSoft(resource, resource == RlimitResource.RLIMIT_CPU ? 1UL : MicrosecondsPerSecond);
        return Signals.SIGXCPU;
    }

    private void RearmLocked()
    {
        _ = _timer.Cancel(); // Armed anew below if there is anything to wait for.
        if (_isDone) return;

        ResourceUsage usage = ProcessAccounting.OfProcess(_process);
        Nanoseconds least = Least(_virtual.Remaining(usage.UserTime), _profile.Remaining(usage.CpuTime));
        least = Least(least, LimitRemaining(usage.CpuTime));
        least = Least(least, RealtimeRemaining());
        if (least == Nanoseconds.Max) return;

        long parallel = long.Max(1, long.Min(_process.ThreadCount, Cpu.Count));
        Nanoseconds delay = new(least.Value / parallel);
        _timer.Arm(ClockTicks.After(delay < s_resolution ? s_resolution : delay));
    }

    private Nanoseconds LimitRemaining(Nanoseconds used)
    {
        ulong soft = _process.Limits.Soft(RlimitResource.RLIMIT_CPU);
        return soft == RlimitResource.RLIM_INFINITY ? Nanoseconds.Max : Until(TimeOf(RlimitResource.RLIMIT_CPU, soft), used);
    }

    // Who sleeps now may begin to run at once, and then has the whole time.
    private Nanoseconds RealtimeRemaining()
    {
        ulong soft = _process.Limits.Soft(RlimitResource.RLIMIT_RTTIME);
        if (soft == RlimitResource.RLIM_INFINITY) return Nanoseconds.Max;
        Nanoseconds longest = RealtimeBursts.LongestOf(_process);
        return longest < Nanoseconds.Zero
            ? Nanoseconds.Max
            : Until(TimeOf(RlimitResource.RLIMIT_RTTIME, soft), longest);
    }

    private static Nanoseconds Until(Nanoseconds due, Nanoseconds used) => due <= used ? s_resolution : due - used;

    private ref Alarm Which(int which)
    {
        if (which == TimerBits.ITIMER_VIRTUAL) return ref _virtual;
        return ref _profile;
    }

    private Nanoseconds TimeFor(int which)
    {
        ResourceUsage usage = ProcessAccounting.OfProcess(_process);
        return which == TimerBits.ITIMER_VIRTUAL ? usage.UserTime : usage.CpuTime;
    }

    private static Nanoseconds Least(Nanoseconds left, Nanoseconds right) => left < right ? left : right;

    /// <summary>RLIMIT_CPU is in seconds, RLIMIT_RTTIME in microseconds.</summary>
    private static Nanoseconds TimeOf(int resource, ulong limit)
    {
        long unit = resource == RlimitResource.RLIMIT_CPU ? Nanoseconds.PerSecond : Nanoseconds.PerMicrosecond;
        return limit > (ulong)(long.MaxValue / unit) ? Nanoseconds.Max : new Nanoseconds((long)limit * unit);
    }

    /// <summary>One timer on a scale of used time.</summary>
    private struct Alarm
    {
        private Nanoseconds _due;
        private Nanoseconds _interval;
        private bool _isArmed;

        internal readonly Nanoseconds Remaining(Nanoseconds now)
        {
            if (!_isArmed) return Nanoseconds.Max;
            return _due <= now ? Nanoseconds.Zero : _due - now;
        }

        internal readonly TimerSetting Get(Nanoseconds now)
        {
            if (!_isArmed) return new TimerSetting(Nanoseconds.Zero, _interval);
            Nanoseconds least = Nanoseconds.FromMicroseconds(1);
            Nanoseconds remaining = Remaining(now);
            return new TimerSetting(remaining < least ? least : remaining, _interval);
        }

        internal void Set(Nanoseconds now, TimerSetting setting)
        {
            _interval = setting.Interval;
            _isArmed = setting.Remaining > Nanoseconds.Zero;
            bool isEndless = setting.Remaining.Value > Nanoseconds.Max.Value - now.Value;
            _due = isEndless ? Nanoseconds.Max : now + setting.Remaining;
        }

        internal bool TryExpire(Nanoseconds now)
        {
            if (!_isArmed || now < _due) return false;
            _isArmed = _interval > Nanoseconds.Zero;
            if (_isArmed) _due = now + _interval;
            return true;
        }
    }
}
