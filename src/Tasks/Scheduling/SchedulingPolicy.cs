namespace Cashew.Tasks;

/// <summary>How a thread competes for the processor.</summary>
/// <source>sched(7).</source>
public enum SchedulingPolicy
{
    Fair,

    /// <summary>Real-time, until it blocks or yields.</summary>
    Fifo,

    /// <summary>Real-time, in turns among equals.</summary>
    RoundRobin,

    /// <summary>Fair, and expected to use the processor without break.</summary>
    Batch,

    /// <summary>Fair, with the least weight.</summary>
    Idle,
}
