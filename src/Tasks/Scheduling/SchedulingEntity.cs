using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>A thread's account with the fair class; a node of its tree. Protected by the run queue's
/// lock.</summary>
internal sealed class SchedulingEntity(Thread thread)
{
    internal Thread Thread { get; } = thread;

    /// <summary>How it competes now: by its own policy, or with a priority that it has been lent.</summary>
    internal SchedulingPolicy Policy;

    /// <summary>1 to 99 for the real-time policies.</summary>
    internal int RealtimePriority;

    /// <summary>How it competes when nobody lends it anything.</summary>
    internal SchedulingPolicy OwnPolicy;
    internal int OwnPriority;

    /// <summary>A real-time priority that somebody who waits for it has lent; 0 for none.</summary>
    internal int LentPriority;

    /// <summary>What is left of a turn of <see cref="SchedulingPolicy.RoundRobin"/>; not used up, it
    /// stays.</summary>
    internal long TurnLeftNs = RealtimeQueue.TurnNs;

    /// <summary>The thread's time on the processor when it last waited for something, or became
    /// real-time.</summary>
    internal Nanoseconds BurstStart;
    internal int Nice;
    internal long Weight = FairQueue.NiceZeroWeight;

    /// <summary>Time received divided by weight, in nanoseconds of a nice-0 thread.</summary>
    internal long VirtualTime;

    /// <summary>When the current request should have been served, in virtual time.</summary>
    internal long VirtualDeadline;

    /// <summary>How far behind its share it was when it left the queue.</summary>
    internal long Lag;
    internal bool IsQueued;

    /// <summary>When it began to wait for the processor, how long it has waited before, and how often it got
    /// it.</summary>
    internal Nanoseconds QueuedAt;
    internal long WaitedNs;
    internal long Runs;

    // The tree: ordered by deadline, heap-ordered by priority, with the least virtual time of each subtree.
    internal SchedulingEntity? Left;
    internal SchedulingEntity? Right;
    internal uint TreePriority;
    internal long LeastVirtualTime;
}
