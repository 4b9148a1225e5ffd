using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>Times of files, and how user space sees them.</summary>
public static class Times
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    public static Timespec ToTimespec(Nanoseconds time)
    {
        (long seconds, long rest) = System.Math.DivRem(time.Value, NanosecondsPerSecond);
        if (rest < 0)
        {
            seconds--;
            rest += NanosecondsPerSecond;
        }

        return new Timespec { tv_sec = seconds, tv_nsec = rest };
    }
}
