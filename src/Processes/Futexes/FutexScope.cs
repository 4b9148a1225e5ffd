namespace Cashew.Processes;

/// <summary>Who can meet on a futex.</summary>
/// <source>futex(2), FUTEX_PRIVATE_FLAG.</source>
public enum FutexScope : byte
{
    /// <summary>Threads of one address space; the address alone says which futex it is.</summary>
    Private,

    /// <summary>Whoever maps the same page, at whatever address.</summary>
    Shared,
}
