namespace Cashew.Files;

/// <summary>What a lock keeps others from.</summary>
public enum LockType : byte
{
    /// <summary>Nothing: to ask for it is to unlock.</summary>
    None,

    /// <summary>Exclusive locks: a read lock.</summary>
    Shared,

    /// <summary>All other locks: a write lock.</summary>
    Exclusive,
}
