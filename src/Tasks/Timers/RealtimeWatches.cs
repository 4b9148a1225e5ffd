using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>Timers and sleeps that end at a time of day: they are told when somebody sets the
/// clock.</summary>
/// <locking>A sleeping lock of its own; whoever sets the clock waits until all have been told.</locking>
public static class RealtimeWatches
{
    private static readonly SleepLock s_lock = new(LockRank.RealtimeWatches);
    private static RealtimeWatch? s_first;

    /// <summary>The time of day has been set.</summary>
    public static void ClockWasSet()
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        for (RealtimeWatch? watch = s_first; watch is not null; watch = watch.Next) watch.ClockWasSet();
    }

    /// <summary>From now on it is told; nothing when it is told already.</summary>
    public static void Add(RealtimeWatch watch)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        if (watch.IsListed) return;
        watch.IsListed = true;
        watch.Previous = null;
        watch.Next = s_first;
        if (s_first is not null) s_first.Previous = watch;
        s_first = watch;
    }

    public static void Remove(RealtimeWatch watch)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        if (!watch.IsListed) return;
        watch.IsListed = false;
        if (watch.Previous is null) s_first = watch.Next;
        else watch.Previous.Next = watch.Next;
        if (watch.Next is not null) watch.Next.Previous = watch.Previous;
        watch.Next = null;
        watch.Previous = null;
    }
}
