namespace Cashew.Machine.Simulated;

// What tests ask of the memory.
public sealed partial class Simulation
{
    /// <summary>Attempts to allocate a frame so far: the range to sweep a failure through.</summary>
    public long FrameAllocationAttempts => Frames.Attempts;

    /// <summary>Frames in use for something; a test compares before and after to find leaks.</summary>
    public int CountFrames(FrameKind kind) => Frames.CountOf(kind);

    /// <summary>After so many more attempts, the next one fails; or it and all that follow.</summary>
    public void FailFrameAllocation(long afterAttempts, bool once = true) => Frames.FailAfter(afterAttempts, once);

    /// <summary>Allocation works again.</summary>
    public void StopFailingFrames() => Frames.FailAfter(-1, once: true);
}
