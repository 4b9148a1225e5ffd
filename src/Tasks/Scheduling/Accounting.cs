using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>
/// Splits a thread's time into user and system by samples: whenever the hardware timer goes off, it counts
/// for the side that was interrupted. The sum is exact, the split an estimate; without samples all of it is
/// the user's.
/// </summary>
/// <deviation>
/// Linux samples at a fixed tick. There is none here, so a thread that is alone on its processor is sampled
/// only when some timer goes off.
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

    /// <summary>
    /// Both parts up to now. Neither ever goes back, though later samples may say that the earlier ones were
    /// no fair choice: programs subtract such times from each other.
    /// </summary>
    internal static void Split(Thread thread, out Nanoseconds user, out Nanoseconds system)
    {
        using SpinLock.Guard guard = Scheduler.LockOf(thread).Acquire();
        Nanoseconds total = Scheduler.CpuTimeLocked(thread);
        system = Larger(EstimateSystem(thread, total), thread.ReportedSystemTime);
        user = Larger(total - system, thread.ReportedUserTime);
        system = total - user;
        thread.ReportedUserTime = user;
        thread.ReportedSystemTime = system;
    }

    private static Nanoseconds EstimateSystem(Thread thread, Nanoseconds total)
    {
        long samples = thread.UserSamples + thread.SystemSamples;
        // Divided first: the product could exceed 64 bits after some hours.
        return samples == 0 ? Nanoseconds.Zero : new Nanoseconds(total.Value / samples * thread.SystemSamples);
    }

    private static Nanoseconds Larger(Nanoseconds left, Nanoseconds right) => left > right ? left : right;
}
