using System.Threading;

namespace Cashew.Files;

/// <summary>What some open files have and most do not, so that those cost one word.</summary>
internal sealed class FileAttachments
{
    private LockOwner? _lockOwner;

    /// <summary>The epoll items that watch the file; <see cref="EpollWatches"/>' lock.</summary>
    internal EpollItem? FirstWatch;

    /// <summary>Who is told by signals; exchanged whole.</summary>
    internal FileOwner? Owner;

    internal int OwnerSignal;

    /// <summary>While the owner is told; exchanged whole.</summary>
    internal OwnerNotice? Notice;

    /// <summary>Of a directory whose owner is told what happens in it; exchanged whole, and may be over.
    /// </summary>
    internal DirectoryWatch? DirectoryWatch;

    internal void DropDirectoryWatch() => Interlocked.Exchange(ref DirectoryWatch, null)?.End();

    /// <summary>Who owns the locks that are the open file's: those of flock(2), and open file description
    /// locks.
    /// </summary>
    internal LockOwner LockOwner
        => Volatile.Read(ref _lockOwner)
            ?? Interlocked.CompareExchange(ref _lockOwner, new LockOwner(isSearched: false), null)
            ?? _lockOwner!;

    /// <summary>The file's last reference is gone.</summary>
    /// <locking>May sleep.</locking>
    internal void FileClosed(OpenFile file)
    {
        EpollWatches.FileClosed(this);
        Notice?.LeaveQueues();
        DropDirectoryWatch();
        if (_lockOwner is LockOwner owner) FileLocks.FileClosed(file, owner);
    }
}
