namespace Cashew.Tasks;

/// <summary>Somebody who waits for a time of day, and has to look again when the clock is set.</summary>
public abstract class RealtimeWatch
{
    // Links of the list; the lock of RealtimeWatches.
    internal RealtimeWatch? Next;
    internal RealtimeWatch? Previous;
    internal bool IsListed;

    /// <summary>The time of day has jumped. Spin locks only.</summary>
    public abstract void ClockWasSet();
}
