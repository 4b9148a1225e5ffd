namespace Cashew.Processes;

/// <summary>A futex with priority inheritance that somebody waits for: who has it, and who is in
/// line.</summary>
/// <locking>The lock of <see cref="PriorityFutexes"/>.</locking>
internal sealed class PriorityFutex(FutexKey key)
{
    internal FutexKey Key { get; } = key;

    internal UserThread Owner = null!;

    /// <summary>The highest priority first, and first come first among equals.</summary>
    internal PriorityWaiter? First { get; private set; }

    /// <summary>The owner has been made so by a death, and has not told its word yet.</summary>
    internal bool IsBroken;

    // The table's chain, and the owner's list.
    internal PriorityFutex? NextInBucket;
    internal PriorityFutex? NextOfOwner;

    internal void Add(PriorityWaiter waiter, int priority)
    {
        waiter.Priority = priority;
        waiter.Futex = this;
        PriorityWaiter? previous = null;
        PriorityWaiter? next = First;
        for (; next is not null && next.Priority >= priority; next = next.Next) previous = next;
        waiter.Next = next;
        if (previous is null) First = waiter;
        else previous.Next = waiter;
    }

    internal void Remove(PriorityWaiter waiter)
    {
        PriorityWaiter? previous = null;
        for (PriorityWaiter? at = First; !ReferenceEquals(at, waiter); at = at!.Next) previous = at;
        if (previous is null) First = waiter.Next;
        else previous.Next = waiter.Next;
        waiter.Next = null;
        waiter.Futex = null;
    }

    internal void GiveTo(UserThread owner)
    {
        Owner = owner;
        NextOfOwner = owner.OwnedFutexes;
        owner.OwnedFutexes = this;
    }

    internal void TakeFromOwner()
    {
        PriorityFutex? previous = null;
        for (PriorityFutex? at = Owner.OwnedFutexes; !ReferenceEquals(at, this); at = at!.NextOfOwner) previous = at;
        if (previous is null) Owner.OwnedFutexes = NextOfOwner;
        else previous.NextOfOwner = NextOfOwner;
        NextOfOwner = null;
    }
}
