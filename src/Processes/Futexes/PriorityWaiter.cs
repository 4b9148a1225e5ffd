using System.Threading;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>A thread in line for a futex with priority inheritance. One a thread, which waits for one at a
/// time.
/// </summary>
/// <locking>The lock of <see cref="PriorityFutexes"/>; the grant is read without.</locking>
internal sealed class PriorityWaiter(UserThread thread)
{
    private bool _isGranted;

    internal UserThread Thread { get; } = thread;

    /// <summary>Where it sleeps.</summary>
    internal WaitQueue Queue { get; } = new();

    /// <summary>What it waits for; null when it does not, or has it.</summary>
    internal PriorityFutex? Futex;

    internal PriorityWaiter? Next;

    /// <summary>The priority it stands in line with: 0 for threads that are not real-time ones.</summary>
    internal int Priority;

    /// <summary>It has the futex, but the word does not say so yet: the owner died, and nobody else can tell
    /// where this thread has the word.</summary>
    internal bool MustRepair;

    /// <summary>It has become the owner.</summary>
    internal bool IsGranted
    {
        get => Volatile.Read(ref _isGranted);
        set => Volatile.Write(ref _isGranted, value);
    }

    internal void Reset()
    {
        IsGranted = false;
        MustRepair = false;
    }
}
