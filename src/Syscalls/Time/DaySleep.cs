using Cashew.Machine;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

/// <summary>Sleeping until a time of day, wherever the clock is set meanwhile.</summary>
/// <source>clock_nanosleep(2), NOTES; clock_settime(2).</source>
internal static class DaySleep
{
    /// <summary>False when a signal came first.</summary>
    internal static bool Until(UserThread caller, Nanoseconds timeOfDay)
    {
        Alarm alarm = new(caller);
        RealtimeWatches.Add(alarm);
        WakeReason reason;
        do
        {
            // Prepared before it looks at the clock: one that is set in between ends the sleep.
            Sleep.Prepare();
            reason = Sleep.Block(SleepMode.Interruptible, UserClock.RealtimeToMonotonic(timeOfDay));
        }
        while (reason == WakeReason.Woken && Clock.Realtime < timeOfDay);

        RealtimeWatches.Remove(alarm);
        return reason != WakeReason.Interrupted;
    }

    private sealed class Alarm(UserThread thread) : RealtimeWatch
    {
        public override void ClockWasSet() => thread.Wake();
    }
}
