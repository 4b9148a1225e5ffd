using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>Where programs get large pages; the setting of
/// /sys/kernel/mm/transparent_hugepage/enabled.</summary>
/// <source>madvise(2), MADV_HUGEPAGE; Linux's description of transparent huge pages.</source>
public static class HugePages
{
    // With less memory a large page of which little is used is a loss that shows. Linux draws the line here,
    // too.
    private const long PlentyFrames = (512L << 20) / Frame.SizeBytes;

    private static HugePageMode s_mode;

    public static HugePageMode Mode
    {
        get
        {
            if (s_mode != HugePageMode.ByMemory) return s_mode;
            return Frame.TotalCount >= PlentyFrames ? HugePageMode.Always : HugePageMode.Never;
        }
        set => s_mode = value;
    }

    internal static bool AreWanted(VmaFlags flags)
    {
        const VmaFlags Never = VmaFlags.RefusesHugePages | VmaFlags.GrowsDown | VmaFlags.Special;
        if ((flags & Never) != 0) return false;
        HugePageMode mode = Mode;
        return mode == HugePageMode.Always || (mode == HugePageMode.Advised && (flags & VmaFlags.WantsHugePages) != 0);
    }
}
