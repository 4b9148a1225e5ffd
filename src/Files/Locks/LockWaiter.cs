using System.Threading;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>A thread that waits for a lock in its way to go.</summary>
internal sealed class LockWaiter(LockOwner owner, in LockRequest request)
{
    private LockOwner? _blocker;

    internal LockOwner Owner { get; } = owner;

    /// <summary>What it waits for.</summary>
    internal LockRequest Request { get; } = request;

    /// <summary>Who is in the way; null when the wait is over and the lock may be asked for again.</summary>
    internal LockOwner? Blocker
    {
        get => Volatile.Read(ref _blocker);
        set => Volatile.Write(ref _blocker, value);
    }

    // The list of locks waited at; its lock.
    internal LockWaiter? NextInList;

    // The owner's waits; LockWaits' lock.
    internal LockWaiter? NextOfOwner;

    internal readonly struct IsOver(LockWaiter waiter) : ISleepCondition
    {
        public bool IsMet() => waiter.Blocker is null;
    }
}
