using System.Threading;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>Goes off once at a point of the monotonic clock. Arming takes no memory: the timer is its own
/// node in the queue.</summary>
public sealed class Timer
{
    // Links of the pairing heap, protected by the queue's lock.
    internal Timer? Child;
    internal Timer? Sibling;
    internal Timer? Previous; // the parent for a first child, else the sibling before
    internal TimerQueue? Queue;

    private long _deadline;

    public Timer(TimerTarget target)
    {
        Target = target;
    }

    public TimerTarget Target { get; }

    public bool IsArmed => Volatile.Read(ref Queue) is not null;

    /// <summary>When it goes off, or last did.</summary>
    public Nanoseconds Deadline => new(Volatile.Read(ref _deadline));

    internal long DeadlineValue
    {
        get => _deadline;
        set => _deadline = value;
    }

    /// <summary>Sets or moves the alarm.</summary>
    /// <locking>Whoever owns the timer lets only one at a time arm it.</locking>
    public void Arm(Nanoseconds deadline) => TimerQueue.OfCurrentProcessor.Arm(this, deadline);

    /// <summary>True when it was armed; false when it has gone off already or never was.</summary>
    public bool Cancel() => Volatile.Read(ref Queue)?.Cancel(this) ?? false;
}
