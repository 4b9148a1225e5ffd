using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>Several places in the futex table that one thread has at once.</summary>
internal sealed class FutexSet
{
    private readonly FutexWaiter[] _waiters;

    internal FutexSet(int count)
    {
        _waiters = new FutexWaiter[count];
        for (int i = 0; i < count; i++) _waiters[i] = new FutexWaiter(Queue);
    }

    /// <summary>Where the thread sleeps, for all of them.</summary>
    internal WaitQueue Queue { get; } = new();

    internal FutexWaiter this[int index] => _waiters[index];

    internal bool IsAnyWoken
    {
        get
        {
            foreach (FutexWaiter waiter in _waiters)
            {
                if (!waiter.IsQueued) return true;
            }

            return false;
        }
    }
}
