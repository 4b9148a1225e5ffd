using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>
/// Splits a thread's time into user and system by samples: whenever the hardware timer goes off, it counts for the
/// side that was interrupted. The sum is exact, the split an estimate; without samples all of it is the user's.
/// </summary>
/// <deviation>
/// Linux samples at a fixed tick. There is none here, so a thread that is alone on its processor is sampled only when
/// some timer goes off.
/// </deviation>
public static class Accounting
{
    /// <summary>Counts the interrupted thread; called by the kernel's entry in interrupt context.</summary>
    public static void Sample(bool wasInUser)
    {
        ProcessorTimes.Sample(wasInUser);
        Thread thread = Thread.Current;
        if (wasInUser)
        {
            thread.UserSamples++;
        }
        else
        {
            thread.SystemSamples++;
        }
    }

    internal static Nanoseconds SystemPart(Thread thread)
    {
        long samples = (long)thread.UserSamples + thread.SystemSamples;
        long total = thread.CpuTime.Value;
        // Divided first: the product could exceed 64 bits after some hours.
        return samples == 0 ? Nanoseconds.Zero : new Nanoseconds(total / samples * thread.SystemSamples);
    }
}
