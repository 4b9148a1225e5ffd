using System.Threading;

namespace Cashew.Files;

/// <summary>What the kernel keeps for the open files of one user beside the files themselves, which their
/// number bounds: locks, what epoll and inotify watch, room in pipes, files in messages, and message
/// queues.</summary>
public class FileAccount
{
    /// <summary>fcntl(2) and flock(2) leave the number to the system.</summary>
    public const int MaxLocks = 65536;

    private const long UsualWatches = 65536;

    private static long s_mostWatches = UsualWatches;

    private int _locks;
    private int _watches;
    private long _pipePages;
    private int _travelingFiles;
    private int _inotifyFiles;
    private int _inotifyWatches;
    private long _messageBytes;

    /// <summary>epoll(7), /proc/sys/fs/epoll/max_user_watches.</summary>
    public static long MostWatches
    {
        get => Volatile.Read(ref s_mostWatches);
        set => Volatile.Write(ref s_mostWatches, value);
    }

    public int LockCount => Volatile.Read(ref _locks);
    public int WatchCount => Volatile.Read(ref _watches);

    /// <summary>Open files in messages that nobody has received yet.</summary>
    /// <source>unix(7), ETOOMANYREFS.</source>
    public int TravelingFileCount => Volatile.Read(ref _travelingFiles);

    /// <summary>The sender looks at the limit first.</summary>
    public void AddTravelingFiles(int count) => _ = Interlocked.Add(ref _travelingFiles, count);

    internal bool TryAddLocks(int count) => TryAdd(ref _locks, count, MaxLocks);

    /// <summary>Without a look at the limit: as many go away in the same step.</summary>
    internal void AddLocks(int count) => _ = Interlocked.Add(ref _locks, count);

    internal void RemoveLock() => _ = Interlocked.Decrement(ref _locks);

    internal bool TryAddWatch() => TryAdd(ref _watches, 1, MostWatches);

    internal void RemoveWatch() => _ = Interlocked.Decrement(ref _watches);

    internal bool TryAddInotify() => TryAdd(ref _inotifyFiles, 1, InotifyLimits.MostInstances);

    internal void RemoveInotify() => _ = Interlocked.Decrement(ref _inotifyFiles);

    internal bool TryAddInotifyWatch() => TryAdd(ref _inotifyWatches, 1, InotifyLimits.MostWatches);

    internal void RemoveInotifyWatch() => _ = Interlocked.Decrement(ref _inotifyWatches);

    /// <summary>More room in pipes, or less.</summary>
    /// <returns>All pages that the user's pipes may take now.</returns>
    internal long AddPipePages(int count) => Interlocked.Add(ref _pipePages, count);

    /// <summary>Room for the messages of a queue.</summary>
    /// <source>getrlimit(2), RLIMIT_MSGQUEUE.</source>
    internal bool TryAddMessageBytes(long added, ulong limit)
    {
        if ((ulong)Interlocked.Add(ref _messageBytes, added) <= limit) return true;
        RemoveMessageBytes(added);
        return false;
    }

    internal void RemoveMessageBytes(long removed) => _ = Interlocked.Add(ref _messageBytes, -removed);

    /// <summary>Something that counts here stays when the last process of the user has gone.</summary>
    /// <locking>A spin lock.</locking>
    public virtual void Hold()
    {
    }

    /// <summary>Takes one <see cref="Hold"/> back.</summary>
    public virtual void LetGo()
    {
    }

    private static bool TryAdd(ref int count, int added, long limit)
    {
        if (Interlocked.Add(ref count, added) <= limit) return true;
        _ = Interlocked.Add(ref count, -added);
        return false;
    }
}
