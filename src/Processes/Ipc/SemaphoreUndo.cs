using System.Threading;

namespace Cashew.Processes;

/// <summary>What a process has done to one set with SEM_UNDO, and takes back when it ends.</summary>
/// <locking>The adjustments and the links of the set by the set's lock; the link of the list by the
/// list's.</locking>
internal sealed class SemaphoreUndo(SemaphoreSet set)
{
    private SemaphoreSet? _set = set;

    internal SemaphoreUndo? NextOfSet;
    internal SemaphoreUndo? PreviousOfSet;
    internal SemaphoreUndo? NextOfList;

    /// <summary>For each semaphore.</summary>
    internal short[] Adjustments { get; } = new short[set.Count];

    /// <summary>Null when it has been removed.</summary>
    internal SemaphoreSet? Set => Volatile.Read(ref _set);

    internal void MarkDead() => Volatile.Write(ref _set, null);
}
