namespace Cashew.Files;

/// <summary>A lock that somebody holds.</summary>
/// <locking>The list's.</locking>
internal sealed class FileLock(LockOwner owner, LockType type, LockRange range, int processId, FileAccount account)
{
    internal LockOwner Owner { get; } = owner;
    internal LockType Type { get; } = type;
    internal LockRange Range { get; set; } = range;
    internal int ProcessId { get; } = processId;
    internal FileAccount Account { get; } = account;

    internal FileLock? Next;

    internal bool Excludes(LockOwner other, LockType type, LockRange range)
        => !ReferenceEquals(Owner, other)
            && (type == LockType.Exclusive || Type == LockType.Exclusive)
            && Range.Overlaps(range);
}
