namespace Cashew.Files;

/// <summary>Whose locks: a descriptor table's (what fcntl(2) calls the process), or an open file's. Locks of
/// one owner are never in each other's way.</summary>
internal sealed class LockOwner(bool isSearched)
{
    /// <summary>Whether its waits are searched for circles. fcntl(2): not for open file description
    /// locks.</summary>
    internal bool IsSearched { get; } = isSearched;

    // The graph of who waits for whom; LockWaits' lock.
    internal LockWaiter? FirstWaiter;
    internal LockOwner? NextToVisit;
    internal long VisitedIn;
}
