namespace Cashew.Files;

/// <summary>What /proc/locks tells of a lock, or of a wait for one.</summary>
internal readonly struct LockDescription
{
    internal LockDescription(FileLock held)
    {
        Type = held.Type;
        Range = held.Range;
        ProcessId = held.ProcessId;
        IsOfFile = !held.Owner.IsSearched;
    }

    internal LockDescription(LockWaiter waiter)
    {
        Type = waiter.Request.Type;
        Range = waiter.Request.Range;
        ProcessId = waiter.Request.ProcessId;
        IsOfFile = !waiter.Owner.IsSearched;
        IsWaitedFor = true;
    }

    internal LockType Type { get; }
    internal LockRange Range { get; }
    internal int ProcessId { get; }

    /// <summary>The open file's, and no process's.</summary>
    internal bool IsOfFile { get; }

    internal bool IsWaitedFor { get; }
}
