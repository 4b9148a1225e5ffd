namespace Cashew.Runtime;

/// <summary>
/// What the runtime needs from the rooms above it: Machine and Tasks fill the table before the first
/// allocation, and nothing changes it afterwards.
/// </summary>
public static unsafe class RuntimeHooks
{
    /// <summary>
    /// 2^order contiguous frames, mapped and aligned to their size, contents undefined; zero when there are
    /// none.
    /// </summary>
    public static delegate*<int, nint> AllocateFrames;

    /// <summary>Gives frames back: a block as it was allocated, or an aligned part of one.</summary>
    public static delegate*<nint, int, void> FreeFrames;

    /// <summary>How many frames are free.</summary>
    public static delegate*<long> FreeFrameCount;

    /// <summary>Where physical memory ends: no frame above this address.</summary>
    public static ulong PhysicalLimit;

    /// <summary>Prints a report with this text and stops the machine; never returns.</summary>
    public static delegate*<string, void> Fatal;

    /// <summary>The number of the processor that asks, from zero.</summary>
    public static delegate*<int> CurrentProcessor;

    /// <summary>Nanoseconds since some moment; null until there is a clock.</summary>
    public static delegate*<long> ReadClock;

    /// <summary>
    /// Shows every kernel stack: the part in use as [lowest address, end). For the thread that calls, that is
    /// from the hook's own frame; for one that is switched away, from where its registers were saved.
    /// </summary>
    public static delegate*<delegate*<nint, nint, void>, void> ForEachStack;

    /// <summary>From here on it is noted which stacks are used, until <see cref="EndStacks"/>.</summary>
    public static delegate*<void> BeginStacks;

    /// <summary>
    /// Shows one stack, of a thread that does not run, that has not been shown since the beginning or was
    /// used since. False: there is none. While everybody else is stopped.
    /// </summary>
    public static delegate*<delegate*<nint, nint, void>, bool> ShowNextStack;

    /// <summary>Has every stack been shown once?</summary>
    public static delegate*<bool> HasShownAllStacks;

    /// <summary>Shows the stacks of the threads that run.</summary>
    public static delegate*<delegate*<nint, nint, void>, void> ShowRunningStacks;

    public static delegate*<void> EndStacks;

    /// <summary>
    /// A collection became due: bring this processor to a safe point soon. Null as long as nobody collects.
    /// </summary>
    public static delegate*<void> CollectionWanted;

    /// <summary>
    /// Stops the machine where nobody may allocate: in interrupts, under spin locks. Called for some
    /// allocations, in stress modes for all, and for static constructors. Null: not checked.
    /// </summary>
    public static delegate*<void> CheckAllocation;

    /// <summary>
    /// Waits until every other processor is at a safe point and keeps it there. Null: there is no other.
    /// </summary>
    public static delegate*<void> StopProcessors;

    /// <summary>
    /// Waits while another processor has this one stopped; called at a safe point. Null: there is no other.
    /// </summary>
    public static delegate*<void> WaitWhileStopped;

    /// <summary>Lets the other processors go on.</summary>
    public static delegate*<void> ResumeProcessors;
}
