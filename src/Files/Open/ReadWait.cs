using Cashew.Machine;

namespace Cashew.Files;

/// <summary>How a blocking read waits. The file may look at it and set the deadline; for all but terminals it
/// stays as made.
/// </summary>
public struct ReadWait
{
    /// <summary>How much the reader asked for.</summary>
    public int RequestedBytes;

    /// <summary>When to stop waiting, and return what there is.</summary>
    public Nanoseconds Deadline;

    /// <summary>For the file's own use: how much it had when it last looked.</summary>
    public int SeenBytes;

    internal static ReadWait For(int requestedBytes)
        => new() { RequestedBytes = requestedBytes, Deadline = Nanoseconds.Max };
}
