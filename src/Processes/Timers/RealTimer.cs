using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>ITIMER_REAL: SIGALRM by the clock on the wall.</summary>
/// <locking>A spin lock of its own, before the timers'. Expiry is in interrupt context and sends the signal
/// with nothing held.</locking>
internal sealed class RealTimer : TimerTarget
{
    private readonly SpinLock _lock = new(LockRank.IntervalTimers);
    private readonly Process _process;
    private readonly Timer _timer;
    private Nanoseconds _interval;
    private bool _isDone;

    internal RealTimer(Process process)
    {
        _process = process;
        _timer = new Timer(this);
    }

    internal TimerSetting Get()
    {
        using (SpinLock.Guard guard = _lock.Acquire()) return GetLocked();
    }

    internal TimerSetting Set(TimerSetting setting)
    {
        using (SpinLock.Guard guard = _lock.Acquire())
        {
            TimerSetting old = GetLocked();
            _ = _timer.Cancel(); // Whether it had expired is in what GetLocked found.
            _interval = setting.Interval;
            if (setting.Remaining > Nanoseconds.Zero && !_isDone) _timer.Arm(ClockTicks.After(setting.Remaining));
            return old;
        }
    }

    internal void Cancel()
    {
        using (SpinLock.Guard guard = _lock.Acquire())
        {
            _isDone = true;
            _ = _timer.Cancel(); // Too late is harmless: signals to a process that ends are dropped.
        }
    }

    public override void Expired(Timer timer)
    {
        using (SpinLock.Guard guard = _lock.Acquire())
        {
            // Set anew on another processor since: then it is not this expiry's business.
            if (_timer.IsArmed) return;
            if (_interval > Nanoseconds.Zero && !_isDone) _timer.Arm(ClockTicks.After(_interval));
        }

        SignalSender.Raise(_process, Signals.SIGALRM);
    }

    private TimerSetting GetLocked()
    {
        if (!_timer.IsArmed) return new TimerSetting(Nanoseconds.Zero, _interval);
        Nanoseconds remaining = _timer.Deadline - Clock.Monotonic;
        // Armed but late: zero would read as "not armed".
        Nanoseconds least = Nanoseconds.FromMicroseconds(1);
        return new TimerSetting(remaining < least ? least : remaining, _interval);
    }
}
