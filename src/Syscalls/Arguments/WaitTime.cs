using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Syscalls;

/// <summary>How long a call may wait: read from the program, and the rest written back.</summary>
/// <source>select(2), ppoll(2): Linux modifies the time-out to reflect the amount of time not slept.</source>
internal readonly struct WaitTime
{
    private WaitTime(Nanoseconds deadline)
    {
        Deadline = deadline;
    }

    /// <summary>On the monotonic clock; Max for no limit.</summary>
    internal Nanoseconds Deadline { get; }

    /// <summary>A null address: without limit.</summary>
    /// <errors>EFAULT. EINVAL: negative, or not a proper fraction.</errors>
    internal static bool TryReadTimespec(UserAddress address, out WaitTime wait, out Errno error)
    {
        wait = new WaitTime(Nanoseconds.Max);
        error = Errno.None;
        if (address.IsNull) return true;

        error = Errno.EFAULT;
        if (!UserMemory.TryRead(address, out Timespec time)) return false;
        error = Errno.EINVAL;
        if (time.tv_sec < 0 || time.tv_nsec is < 0 or >= Nanoseconds.PerSecond) return false;

        wait = new WaitTime(After(time.tv_sec, time.tv_nsec));
        error = Errno.None;
        return true;
    }

    /// <inheritdoc cref="TryReadTimespec"/>
    internal static bool TryReadTimeval(UserAddress address, out WaitTime wait, out Errno error)
    {
        wait = new WaitTime(Nanoseconds.Max);
        error = Errno.None;
        if (address.IsNull) return true;

        error = Errno.EFAULT;
        if (!UserMemory.TryRead(address, out Timeval time)) return false;
        error = Errno.EINVAL;
        if (time.tv_sec < 0 || time.tv_usec < 0) return false;

        // select(2): microseconds beyond a second are carried over, not refused.
        const long MicrosecondsPerSecond = 1_000_000;
        long seconds = time.tv_sec + time.tv_usec / MicrosecondsPerSecond;
        wait = new WaitTime(After(seconds, time.tv_usec % MicrosecondsPerSecond * Nanoseconds.PerMicrosecond));
        error = Errno.None;
        return true;
    }

    /// <summary>A failure to write is not reported: the wait has happened.</summary>
    internal void WriteBackTimespec(UserAddress address)
    {
        if (address.IsNull) return;
        long left = Left();
        _ = UserMemory.TryWrite(
            address, new Timespec { tv_sec = left / Nanoseconds.PerSecond, tv_nsec = left % Nanoseconds.PerSecond });
    }

    /// <inheritdoc cref="WriteBackTimespec"/>
    internal void WriteBackTimeval(UserAddress address)
    {
        if (address.IsNull) return;
        long left = Left();
        _ = UserMemory.TryWrite(address, new Timeval
        {
            tv_sec = left / Nanoseconds.PerSecond,
            tv_usec = left % Nanoseconds.PerSecond / Nanoseconds.PerMicrosecond,
        });
    }

    private static Nanoseconds After(long seconds, long nanoseconds)
    {
        Nanoseconds now = Clock.Monotonic;
        const long MostSeconds = long.MaxValue / Nanoseconds.PerSecond;
        if (seconds >= MostSeconds - now.Value / Nanoseconds.PerSecond - 1) return Nanoseconds.Max;
        return now + Nanoseconds.FromSeconds(seconds) + new Nanoseconds(nanoseconds);
    }

    private long Left() => long.Max((Deadline - Clock.Monotonic).Value, 0);
}
