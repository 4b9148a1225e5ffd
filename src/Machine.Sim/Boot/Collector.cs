namespace Cashew.Runtime;

/// <summary>The host has a collector of its own; this one only says so, and counts who asked.</summary>
public static class Collector
{
    public static bool IsWanted { get; set; }

    /// <summary>Calls of <see cref="Poll"/>, for tests of who polls where.</summary>
    public static long PollCount { get; private set; }

    public static long Count => 0;

    public static long LastPauseNs => 0;

    public static long MaxPauseNs => 0;

    public static long LiveBytes => 0;

    public static long LiveObjects => 0;

    public static long HeapBytes => 0;

    public static void Poll()
    {
        PollCount++;
        IsWanted = false;
    }

    public static bool TryReserve(long bytes) => true;
}
