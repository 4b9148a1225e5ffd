using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>The timer files that expire at a time of day, and have to be told when somebody sets the
/// clock.</summary>
public static class RealtimeTimers
{
    private static readonly SleepLock s_lock = new(LockRank.RealtimeTimers);
    private static TimerFile? s_first;

    /// <summary>The time of day has been set.</summary>
    public static void ClockWasSet()
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        for (TimerFile? file = s_first; file is not null; file = file.NextOfDay) file.ClockWasSet();
    }

    internal static void Add(TimerFile file)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        if (file.IsListed) return;
        file.IsListed = true;
        file.NextOfDay = s_first;
        s_first = file;
    }

    internal static void Remove(TimerFile file)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        if (!file.IsListed) return;
        file.IsListed = false;
        ref TimerFile? link = ref s_first;
        while (!ReferenceEquals(link, file)) link = ref link!.NextOfDay;
        link = file.NextOfDay;
    }
}
