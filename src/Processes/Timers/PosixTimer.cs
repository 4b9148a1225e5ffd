using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>One timer of timer_create(2).</summary>
/// <remarks>
/// A periodic timer goes on when its signal is taken and not before, so one with a period of a nanosecond
/// costs nothing while nobody looks; the periods that passed meanwhile are its overruns. The entry in the
/// signal queue is made with the timer: expiry allocates nothing and cannot fail.
/// </remarks>
/// <locking>The signal lock of the process that has it. Expiry is in interrupt context.</locking>
/// <source>timer_create(2), timer_settime(2), timer_getoverrun(2).</source>
public sealed class PosixTimer : TimerTarget
{
    /// <summary>The expiry that is signaled is counted as the others are, and is not an overrun.</summary>
    private const long NothingCounted = -1;

    private readonly Process _process;
    private readonly Timer _timer;
    private readonly TimerClock _clock;
    private readonly SignalEntry _entry;
    private readonly DayWatch? _watch;

    // On the clock of the timer, save that relative times of day are since boot.
    private Nanoseconds _expiry;
    private Nanoseconds _interval;
    private bool _followsTimeOfDay;
    private bool _isSet;
    private bool _isDeleted;

    // Expired, periodic, and its signal not taken yet.
    private bool _isSignaled;
    private long _overruns = NothingCounted;
    private long _lastOverruns;

    internal PosixTimer(Process process, int id, TimerClock clock, TimerNotice notice, UserAccount account)
    {
        _process = process;
        _clock = clock;
        _timer = new Timer(this);
        Id = id;
        Notice = notice;
        Account = account;
        _entry = new SignalEntry(SignalInfo.FromTimer(notice.Signal, id, notice.Value)) { Timer = this };
        if (clock.IsOfDay) _watch = new DayWatch(this);
    }

    public int Id { get; }

    public int ClockNumber => _clock.Number;

    public TimerNotice Notice { get; }

    /// <summary>The user whose RLIMIT_SIGPENDING it counts against, from its making to its
    /// deletion.</summary>
    internal UserAccount Account { get; }

    // The chain of the table.
    internal PosixTimer? Next;

    public TimerSetting Get()
    {
        Nanoseconds other = SampleOther();
        using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
        return GetLocked(NowLocked(other));
    }

    /// <summary>Replaces the setting; returns the one before.</summary>
    /// <param name="value">From now or, when absolute, of its clock; zero: it stops.</param>
    public TimerSetting Set(Nanoseconds value, Nanoseconds interval, bool isAbsolute)
    {
        bool followsTimeOfDay = _clock.IsOfDay && isAbsolute;
        if (followsTimeOfDay) RealtimeWatches.Add(_watch!);
        Nanoseconds other = SampleOther();
        using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
        TimerSetting old = GetLocked(NowLocked(other));
        _ = _timer.Cancel(); // too late is harmless: the expiry will find the new setting
        _followsTimeOfDay = followsTimeOfDay;
        _isSignaled = false; // a signal on its way arrives, but does not make the timer go on
        _overruns = NothingCounted;
        _lastOverruns = 0;
        _interval = value > Nanoseconds.Zero ? interval : Nanoseconds.Zero;
        _isSet = value > Nanoseconds.Zero && !_isDeleted;
        if (!_isSet) return old;
        Nanoseconds now = NowLocked(other);
        _expiry = isAbsolute ? value : Sum(now, value);
        ArmLocked(now);
        return old;
    }

    /// <summary>How often it had expired unnoticed when its last signal was taken.</summary>
    public int Overruns
    {
        get
        {
            using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
            return Bounded(_lastOverruns);
        }
    }

    /// <summary>Out of the list of those who follow the time of day; no lock may be held.</summary>
    internal void Release()
    {
        if (_watch is not null) RealtimeWatches.Remove(_watch);
        Account.ReleaseSignal();
    }

    internal void DeleteLocked()
    {
        _isDeleted = true;
        _isSet = false;
        _isSignaled = false;
        _ = _timer.Cancel(); // too late is harmless: it is not set any more
    }

    public override void Expired(Timer timer)
    {
        Nanoseconds other = SampleOther();
        using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
        // Set anew, or stopped, on another processor since: then it is not this expiry's business.
        if (!_isSet || _isSignaled || _timer.IsArmed) return;
        Nanoseconds now = NowLocked(other);
        if (now < _expiry)
        {
            ArmLocked(now);
            return;
        }

        bool isPeriodic = _interval > Nanoseconds.Zero;
        if (!isPeriodic) _isSet = false;
        bool isSent = SignalSender.TrySendTimerLocked(_process, Notice.Thread, _entry);
        if (isPeriodic && isSent) _isSignaled = true;
        else if (isPeriodic) ContinueUnheardLocked(now);
    }

    /// <summary>Its signal is being taken: completes what it says, and goes on.</summary>
    internal void TakenLocked(ref SignalInfo info)
    {
        if (!_isSignaled) return;
        _isSignaled = false;
        Nanoseconds now = NowLocked(_expiry);
        ForwardLocked(now);
        _lastOverruns = _overruns;
        _overruns = NothingCounted;
        info.SetOverruns(Bounded(_lastOverruns));
        ArmLocked(now);
    }

    /// <summary>Its signal has been thrown away, since it is ignored by now.</summary>
    internal void DroppedLocked()
    {
        if (!_isSignaled) return;
        _isSignaled = false;
        ContinueUnheardLocked(NowLocked(_expiry));
    }

    /// <summary>Nobody wants the signal: on with the next period, but not more often than a tick.</summary>
    private void ContinueUnheardLocked(Nanoseconds now)
    {
        ForwardLocked(now);
        Nanoseconds soonest = Sum(now, CpuClock.Resolution);
        if (_expiry < soonest) ForwardLocked(soonest);
        ArmLocked(now);
    }

    private TimerSetting GetLocked(Nanoseconds now)
    {
        bool isSilent = Notice.Kind == TimerNoticeKind.None;
        if (_isSet && _interval > Nanoseconds.Zero && (_isSignaled || isSilent)) ForwardLocked(now);
        if (!_isSet) return new TimerSetting(Nanoseconds.Zero, _interval);
        Nanoseconds remaining = _expiry - now;
        // Late, but not told yet: zero would read as "not set", which is what one without notice is then.
        Nanoseconds least = new(isSilent ? 0 : 1);
        return new TimerSetting(remaining < least ? least : remaining, _interval);
    }

    /// <summary>Steps over the periods that have passed, and counts them.</summary>
    private void ForwardLocked(Nanoseconds now)
    {
        if (now < _expiry) return;
        long late = (now - _expiry).Value;
        _overruns += late / _interval.Value + 1;
        _expiry = Sum(Sum(_expiry, new Nanoseconds(late - late % _interval.Value)), _interval);
    }

    private void ArmLocked(Nanoseconds now)
    {
        if (Notice.Kind == TimerNoticeKind.None || _expiry == Nanoseconds.Max) return;
        if (_clock.IsOfProcessor)
        {
            Nanoseconds remaining = _expiry > now ? _expiry - now : Nanoseconds.Zero;
            _timer.Arm(ClockTicks.After(_clock.Processor.LeastDelay(remaining)));
            return;
        }

        Nanoseconds deadline = _followsTimeOfDay ? _expiry - Clock.RealtimeOffset : _expiry;
        _timer.Arm(deadline < Nanoseconds.Zero ? Nanoseconds.Zero : deadline);
    }

    private void ClockWasSet()
    {
        using SpinLock.Guard guard = _process.SignalState.Lock.Acquire();
        if (_followsTimeOfDay && _isSet && !_isSignaled) ArmLocked(Clock.Realtime);
    }

    /// <summary>Another process's time, which is read under that one's signal lock and so before
    /// ours.</summary>
    private Nanoseconds SampleOther()
    {
        if (!_clock.IsOfProcessor || _clock.Processor.IsOf(_process)) return default;
        return _clock.Processor.TryRead(out Nanoseconds now) ? now : default;
    }

    /// <param name="other">The answer if it is another process's time.</param>
    private Nanoseconds NowLocked(Nanoseconds other)
    {
        if (!_clock.IsOfProcessor) return _followsTimeOfDay ? Clock.Realtime : Clock.Monotonic;
        if (!_clock.Processor.IsOf(_process)) return other;
        return _clock.Processor.TryReadLocked(out Nanoseconds now) ? now : default;
    }

    private static int Bounded(long count) => (int)long.Min(count, int.MaxValue);

    private static Nanoseconds Sum(Nanoseconds time, Nanoseconds delay)
        => delay.Value > Nanoseconds.Max.Value - time.Value ? Nanoseconds.Max : time + delay;

    private sealed class DayWatch(PosixTimer timer) : RealtimeWatch
    {
        public override void ClockWasSet() => timer.ClockWasSet();
    }
}
