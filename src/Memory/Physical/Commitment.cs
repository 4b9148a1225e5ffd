using System.Threading;
using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>How generously memory is promised; the values of vm.overcommit_memory.</summary>
public enum OvercommitMode
{
    /// <summary>Refuse only what could never be had: a single request larger than all memory.</summary>
    Heuristic = 0,
    Always = 1,

    /// <summary>Promise no more than <see cref="Commitment.LimitPages"/>.</summary>
    Never = 2,
}

/// <summary>The sum of what programs were promised: private writable and shared anonymous memory.</summary>
/// <source>proc_sys_vm(5), overcommit_memory; proc_meminfo(5), Committed_AS and CommitLimit.</source>
public static class Commitment
{
    private static long s_pages;

    public static OvercommitMode Mode { get; set; }

    private static int s_ratioPercent = 50;
    private static long s_limitKibibytes;

    /// <summary>vm.overcommit_ratio, in percent. One of this and the next counts: the one set last.</summary>
    public static int RatioPercent
    {
        get => s_ratioPercent;
        set
        {
            s_ratioPercent = value;
            s_limitKibibytes = 0;
        }
    }

    /// <summary>vm.overcommit_kbytes; zero: the ratio counts.</summary>
    public static long LimitKibibytes
    {
        get => s_limitKibibytes;
        set
        {
            s_limitKibibytes = value;
            s_ratioPercent = 0;
        }
    }

    /// <summary>Committed_AS.</summary>
    public static long Pages => Volatile.Read(ref s_pages);

    /// <summary>CommitLimit: what was set, or a share of memory, there being no swap.</summary>
    public static long LimitPages => s_limitKibibytes != 0
        ? s_limitKibibytes / (Frame.SizeBytes / 1024)
        : Frame.TotalCount * s_ratioPercent / 100;

    /// <summary>Promises pages; false: ENOMEM.</summary>
    internal static bool TryAdd(long pages)
    {
        long after = Interlocked.Add(ref s_pages, pages);
        bool isGranted = Mode switch
        {
            OvercommitMode.Always => true,
            OvercommitMode.Never => after <= LimitPages,
            _ => pages <= Frame.TotalCount,
        };
        if (!isGranted) _ = Interlocked.Add(ref s_pages, -pages);
        return isGranted;
    }

    internal static void Remove(long pages) => _ = Interlocked.Add(ref s_pages, -pages);
}
