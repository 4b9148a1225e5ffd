namespace Cashew.Processes;

/// <summary>The limits of the System V objects, all to be set in /proc/sys/kernel.</summary>
/// <source>proc_sys_kernel(5); shmget(2), semget(2), msgget(2), "NOTES", for the values.</source>
public static class IpcLimits
{
    /// <summary>Of each kind: an id is a number below this, and how often it was given out before.</summary>
    public const int MostObjects = 32768;

    /// <summary>A value of a semaphore, and an adjustment at exit.</summary>
    public const int GreatestValue = 32767;

    private const ulong UnlimitedBytes = ulong.MaxValue - (1UL << 24);

    public static ulong SegmentBytes { get; set; } = UnlimitedBytes;

    public static ulong SegmentPages { get; set; } = UnlimitedBytes;

    public static int Segments { get; set; } = 4096;

    public static int SemaphoresOfSet { get; set; } = 32000;

    public static int Semaphores { get; set; } = 1_024_000_000;

    public static int OperationsOfCall { get; set; } = 500;

    public static int Sets { get; set; } = 32000;

    public static int MessageBytes { get; set; } = 8192;

    public static int QueueBytes { get; set; } = 16384;

    public static int Queues { get; set; } = 32000;
}
