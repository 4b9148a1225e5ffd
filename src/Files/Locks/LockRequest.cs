namespace Cashew.Files;

/// <summary>A lock, or its end, that somebody asks for.</summary>
public readonly struct LockRequest
{
    public LockType Type { get; init; }

    public LockRange Range { get; init; }

    /// <summary>Whether to wait while there are others' locks in the way.</summary>
    public bool Waits { get; init; }

    /// <summary>Whom F_GETLK names; -1 for a lock that belongs to no process.</summary>
    public int ProcessId { get; init; }

    /// <summary>Whose limit the lock counts against.</summary>
    public FileAccount Account { get; init; }
}
