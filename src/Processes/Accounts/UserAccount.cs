using System.Threading;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>What all processes of one real user hold together, for the limits that count by user.</summary>
/// <source>getrlimit(2): RLIMIT_NPROC, RLIMIT_SIGPENDING.</source>
public sealed class UserAccount : FileAccount
{
    private int _threadCount;
    private int _signalCount;

    internal UserAccount(uint uid) => Uid = uid;

    public uint Uid { get; }

    public int ThreadCount => Volatile.Read(ref _threadCount);

    public int SignalCount => Volatile.Read(ref _signalCount);

    // The chain of the table, and how many threads and other things hold the account; UserAccounts' lock.
    internal UserAccount? Next;
    internal int HolderCount;

    public override void Hold() => UserAccounts.Hold(this);

    public override void LetGo() => UserAccounts.LetGo(this);

    internal void AddThread() => Interlocked.Increment(ref _threadCount);

    internal void RemoveThread() => Interlocked.Decrement(ref _threadCount);

    internal void ChargeSignal() => Interlocked.Increment(ref _signalCount);

    internal void ReleaseSignal() => Interlocked.Decrement(ref _signalCount);
}
