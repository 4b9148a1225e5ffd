using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>A timer that is read: how often it has expired since it was last read or set.</summary>
/// <remarks>A periodic timer is set anew when somebody looks and not when it expires: one with a period of a
/// nanosecond costs
/// nothing as long as nobody does.</remarks>
/// <locking>A spin lock; expiry is in interrupt context.</locking>
/// <source>timerfd_create(2).</source>
public sealed class TimerFile : OpenFile
{
    private const int CountBytes = sizeof(ulong);

    private readonly SpinLock _lock = new(LockRank.TimerFile);
    private readonly WaitQueue _readers = new();
    private readonly Timer _timer;
    private readonly DayWatch _watch;
    private readonly int _clock;
    private readonly bool _isOfDay;
    private int _setFlags;

    // On the monotonic clock, or, when the timer follows the time of day, on that one.
    private Nanoseconds _expiry;
    private Nanoseconds _interval;
    private ulong _count;
    private bool _followsTimeOfDay;
    private bool _isSet;
    private bool _hasExpired;
    private bool _endsWhenClockIsSet;
    private bool _isCanceled;

    /// <param name="clock">Which clock it was made for.</param>
    /// <param name="isOfDay">Absolute times are of day, and not since boot.</param>
    /// <param name="flags">TFD_NONBLOCK.</param>
    public TimerFile(int clock, bool isOfDay, uint flags)
        : base(AnonymousFilesystem.AddUser(), default, OpenBits.O_RDWR | (flags & OpenBits.O_NONBLOCK))
    {
        _clock = clock;
        _isOfDay = isOfDay;
        _timer = new Timer(new Expiry(this));
        _watch = new DayWatch(this);
    }

    public override bool HasReadiness => true;

    private Nanoseconds Now => _followsTimeOfDay ? Clock.Realtime : Clock.Monotonic;

    /// <summary>Time until it expires next, zero when it does not, and its period.</summary>
    public void Get(out Nanoseconds remaining, out Nanoseconds interval)
    {
        using SpinLock.Guard guard = _lock.Acquire();
        GetLocked(out remaining, out interval);
    }

    /// <summary>Replaces the setting; hands out the one before.</summary>
    /// <param name="value">Time from now or, when absolute, of the timer's clock; zero: the timer
    /// stops.</param>
    /// <param name="flags">TFD_TIMER_ABSTIME, TFD_TIMER_CANCEL_ON_SET.</param>
    public void Set(
        Nanoseconds value, Nanoseconds interval, int flags,
        out Nanoseconds oldRemaining, out Nanoseconds oldInterval)
    {
        bool isAbsolute = (flags & TimerfdBits.TFD_TIMER_ABSTIME) != 0;
        bool endsWhenClockIsSet = (flags & TimerfdBits.TFD_TIMER_CANCEL_ON_SET) != 0;
        bool followsTimeOfDay = _isOfDay && isAbsolute;
        if (followsTimeOfDay) RealtimeWatches.Add(_watch);
        using SpinLock.Guard guard = _lock.Acquire();
        GetLocked(out oldRemaining, out oldInterval);
        _ = _timer.Cancel(); // too late is harmless: what it adds to the count is reset
        _setFlags = flags;
        _followsTimeOfDay = followsTimeOfDay;
        _endsWhenClockIsSet = followsTimeOfDay && endsWhenClockIsSet;
        _isCanceled = false;
        _hasExpired = false;
        _count = 0;
        _interval = interval;
        _isSet = value > Nanoseconds.Zero;
        if (!_isSet) return;
        _expiry = isAbsolute ? value : Sum(Clock.Monotonic, value);
        ArmLocked();
    }

    /// <summary>The time of day has jumped.</summary>
    private void ClockWasSet()
    {
        bool isCanceled;
        using (_lock.Acquire())
        {
            if (!_followsTimeOfDay) return;
            isCanceled = _endsWhenClockIsSet;
            _isCanceled |= isCanceled;
            if (_isSet && !_hasExpired) ArmLocked();
        }

        if (isCanceled) _readers.WakeAll(PollBits.POLLIN);
    }

    /// <errors>EINVAL: no room for the count. EAGAIN: it has not expired. ECANCELED: the clock was
    /// set.</errors>
    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        if (destination.RemainingBytes < CountBytes) return Errno.EINVAL;

        ulong count;
        using (_lock.Acquire())
        {
            if (_isCanceled)
            {
                _isCanceled = false;
                _count = 0;
                return Errno.ECANCELED;
            }

            if (_count == 0) return Errno.EAGAIN;
            ContinueLocked();
            count = _count;
            _count = 0;
        }

        Span<byte> value = stackalloc byte[CountBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(value, count);
        return destination.Write(value) == CountBytes ? CountBytes : Errno.EFAULT;
    }

    public override uint Poll(PollTable? table)
    {
        table?.Add(_readers, PollBits.POLLIN);
        using SpinLock.Guard guard = _lock.Acquire();
        return _count > 0 || _isCanceled ? PollBits.POLLIN : 0;
    }

    public override void AppendName(ByteBuilder text, PathLocation root)
        => text.Append("anon_inode:[timerfd]"u8);

    public override IoResult Seek(long distance, int origin) => 0;

    /// <source>proc_pid_fdinfo(5).</source>
    public override bool AppendDetails(ByteBuilder text, ref long position)
    {
        Nanoseconds remaining, interval;
        ulong ticks;
        int flags;
        using (_lock.Acquire())
        {
            GetLocked(out remaining, out interval);
            ticks = _count;
            flags = _setFlags;
        }

        text.Append("clockid: "u8).Append((long)_clock).Append("\nticks: "u8).Append(ticks);
        text.Append("\nsettime flags: 0"u8).AppendOctal((ulong)flags);
        AppendTime(text, "\nit_value: ("u8, remaining);
        AppendTime(text, ")\nit_interval: ("u8, interval);
        text.Append(")\n"u8);
        return false;
    }

    private static void AppendTime(ByteBuilder text, ReadOnlySpan<byte> label, Nanoseconds time)
    {
        text.Append(label).Append(time.Value / Nanoseconds.PerSecond);
        text.Append(", "u8).Append(time.Value % Nanoseconds.PerSecond);
    }

    protected override void Closed()
    {
        RealtimeWatches.Remove(_watch);
        using SpinLock.Guard guard = _lock.Acquire();
        _isSet = false;
        _ = _timer.Cancel(); // too late is harmless: it is not set any more
    }

    private void GetLocked(out Nanoseconds remaining, out Nanoseconds interval)
    {
        ContinueLocked();
        interval = _interval;
        remaining = _isSet && !_hasExpired ? _expiry - Now : Nanoseconds.Zero;
        if (remaining < Nanoseconds.Zero) remaining = Nanoseconds.Zero;
    }

    /// <summary>Counts what an expired periodic timer has missed, and lets it go on from there.</summary>
    private void ContinueLocked()
    {
        if (!_hasExpired || _interval <= Nanoseconds.Zero) return;
        long late = long.Max((Now - _expiry).Value, 0);
        long periods = late / _interval.Value + 1;
        _count += (ulong)(periods - 1);
        _expiry = Sum(_expiry, new Nanoseconds(late - late % _interval.Value));
        _expiry = Sum(_expiry, _interval);
        _hasExpired = false;
        ArmLocked();
    }

    private void ArmLocked()
    {
        if (_expiry == Nanoseconds.Max) return;
        Nanoseconds deadline = _followsTimeOfDay ? _expiry - Clock.RealtimeOffset : _expiry;
        _timer.Arm(deadline < Nanoseconds.Zero ? Nanoseconds.Zero : deadline);
    }

    private void Expired()
    {
        using (_lock.Acquire())
        {
            // Set anew, or read, on another processor since: then it is not this expiry's business.
            if (!_isSet || _hasExpired || _timer.IsArmed) return;
            if (Now < _expiry)
            {
                ArmLocked();
                return;
            }

            _hasExpired = true;
            _count++;
        }

        _readers.WakeAll(PollBits.POLLIN);
    }

    private static Nanoseconds Sum(Nanoseconds time, Nanoseconds delay)
        => delay.Value > Nanoseconds.Max.Value - time.Value ? Nanoseconds.Max : time + delay;

    private sealed class DayWatch(TimerFile file) : RealtimeWatch
    {
        public override void ClockWasSet() => file.ClockWasSet();
    }

    private sealed class Expiry(TimerFile file) : TimerTarget
    {
        public override void Expired(Timer timer) => file.Expired();
    }
}
