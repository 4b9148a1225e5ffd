using System.Threading;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>A thread in the futex table.</summary>
/// <locking>All but <see cref="IsQueued"/> by the lock of the bucket it is in.</locking>
internal sealed class FutexWaiter(WaitQueue queue)
{
    internal FutexKey Key;
    internal uint Bits;

    /// <summary>Of one that waits to be moved to a futex with priorities: who it is, and to which.</summary>
    internal UserThread? ToBeMoved;
    internal FutexKey Target;
    internal FutexBucket? Bucket;
    internal FutexWaiter? Next;
    internal FutexWaiter? Previous;

    private bool _isQueued;

    /// <summary>False once somebody has woken it.</summary>
    internal bool IsQueued
    {
        get => Volatile.Read(ref _isQueued);
        set => Volatile.Write(ref _isQueued, value);
    }

    /// <summary>Where the thread sleeps. Woken without the bucket's lock, so perhaps late and for nothing.
    /// </summary>
    internal WaitQueue Queue { get; } = queue;
}
