namespace Cashew.Runtime;

/// <summary>
/// What the runtime needs from the machine below it. Machine fills the table before the first allocation and nothing
/// changes it afterwards.
/// </summary>
public static unsafe class RuntimeHooks
{
    /// <summary>2^order contiguous frames, mapped and aligned to their size, contents undefined; zero when there are none.</summary>
    public static delegate*<int, nint> AllocateFrames;

    /// <summary>Gives frames back.</summary>
    public static delegate*<nint, int, void> FreeFrames;

    /// <summary>Prints a report with this text and stops the machine; never returns.</summary>
    public static delegate*<string, void> Fatal;
}
