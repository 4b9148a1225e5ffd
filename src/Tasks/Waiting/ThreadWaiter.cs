namespace Cashew.Tasks;

/// <summary>Wakes a thread.</summary>
public sealed class ThreadWaiter(Thread thread) : WaitEntry
{
    // Somebody who was awake already did not use the wake-up: it may be for what he is about to take, or for
    // the next.
    public override bool OnWake(uint events) => thread.TryWake();
}
