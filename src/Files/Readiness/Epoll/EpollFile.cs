using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>
/// A set of files to watch, and those of them that may be ready. This half changes the set;
/// <c>EpollFile.Wait.cs</c>
/// tells what is ready.
/// </summary>
/// <remarks>
/// An item hears of its file's events through the file's queues and puts itself on the ready list. Whoever
/// waits walks
/// that list and asks each file: only the answer counts, so that a wake-up too many does no harm.
/// <para>Items hold no reference on their file. Closing it takes them out, under the lock, before the file
/// gives up
/// anything; under the lock it can be asked.</para>
/// </remarks>
/// <locking>
/// The sleeping lock: the set, and each pass over the ready list; files are asked under it, which may be
/// epolls with
/// their own. The spin lock: the ready list and what items are to report; it is taken under the files'
/// queues' locks.
/// </locking>
/// <source>epoll(7), epoll_ctl(2), epoll_wait(2).</source>
public sealed partial class EpollFile : OpenFile
{
    private const uint Unasked = PollBits.POLLERR | PollBits.POLLHUP;
    private const uint ExclusiveAllows = EpollBits.EPOLLIN | EpollBits.EPOLLOUT | EpollBits.EPOLLERR
        | EpollBits.EPOLLHUP | EpollBits.EPOLLET | EpollBits.EPOLLWAKEUP | EpollBits.EPOLLEXCLUSIVE;

    // Of fdinfo.
    private const int LinesAtOnce = 256;
    private const int NumberColumns = 8;
    private const int DataColumns = 16;

    private readonly SleepLock _lock = new(LockRank.Epoll);
    private readonly SpinLock _readyLock = new(LockRank.EpollReady);
    private readonly WaitQueue _waiters = new();
    private readonly WaiterRelay _relay;
    private readonly Dictionary<EpollKey, EpollItem> _items = new();
    private EpollReadyList _ready;
    private long _lastPass;

    public EpollFile()
        : base(AnonymousFilesystem.AddUser(), default, OpenBits.O_RDWR)
    {
        _relay = new WaiterRelay(_waiters);
    }

    public override bool HasReadiness => true;

    // EpollNesting's, and protected by its lock.
    internal EpollItem? FirstNested;
    internal long LastSearch;
    internal int FoundDepth;

    /// <summary>Begins to watch a file.</summary>
    /// <errors>EPERM: the file is always ready, and has nothing to tell. EINVAL: the epoll itself, or a mode
    /// that does not
    /// go with the rest. ELOOP. EEXIST. ENOSPC: the user watches too much. ENOMEM.</errors>
    public Errno Add(int fd, OpenFile file, in EpollEvent what, FileAccount account)
    {
        if (!file.HasReadiness) return Errno.EPERM;
        if (ReferenceEquals(file, this)) return Errno.EINVAL;
        bool isExclusive = (what.events & EpollBits.EPOLLEXCLUSIVE) != 0;
        if (isExclusive && ((what.events & ~ExclusiveAllows) != 0 || file is EpollFile)) return Errno.EINVAL;

        EpollItem item = new(this, fd, file, account) { Events = what.events | Unasked, Data = what.data };
        if (file is not EpollFile inner) return Insert(item);

        using SleepLock.Guard guard = EpollNesting.Acquire();
        Errno error = EpollNesting.CheckLocked(this, inner);
        if (error == Errno.None) error = Insert(item);
        if (error == Errno.None) EpollNesting.AddLocked(item);
        return error;
    }

    /// <summary>Watches for something else; a oneshot item that has reported is armed again.</summary>
    /// <errors>ENOENT. EINVAL: an exclusive item, or to become one.</errors>
    public Errno Modify(int fd, OpenFile file, in EpollEvent what)
    {
        if (!file.HasReadiness) return Errno.EPERM;
        if (ReferenceEquals(file, this)) return Errno.EINVAL;
        if ((what.events & EpollBits.EPOLLEXCLUSIVE) != 0) return Errno.EINVAL;

        using Guard guard = Acquire();
        if (!_items.TryGetValue(new EpollKey(fd, file), out EpollItem? item)) return Errno.ENOENT;
        if (item.Has(EpollBits.EPOLLEXCLUSIVE)) return Errno.EINVAL;

        using (_readyLock.Acquire())
        {
            item.Events = what.events | Unasked;
            item.Data = what.data;
        }

        // After the change: what happens from now on is heard, and what has happened is asked for.
        NoteIfReady(item, file.Poll(null));
        return Errno.None;
    }

    /// <errors>ENOENT.</errors>
    public Errno Remove(int fd, OpenFile file)
    {
        if (!file.HasReadiness) return Errno.EPERM;
        if (ReferenceEquals(file, this)) return Errno.EINVAL;
        if (file is not EpollFile) return Take(fd, file);
        using SleepLock.Guard guard = EpollNesting.Acquire();
        return Take(fd, file);
    }

    /// <summary>The file of an item is being closed.</summary>
    internal void Forget(EpollItem item)
    {
        if (item.File is EpollFile)
        {
            using SleepLock.Guard nesting = EpollNesting.Acquire();
            using Guard guard = Acquire();
            RemoveLocked(item);
        }
        else
        {
            using Guard guard = Acquire();
            RemoveLocked(item);
        }
    }

    public override void AppendName(ByteBuilder text, PathLocation root)
        => text.Append("anon_inode:[eventpoll]"u8);

    public override IoResult Seek(long distance, int origin) => 0;

    /// <summary>One line for each item.</summary>
    /// <source>proc_pid_fdinfo(5).</source>
    public override bool AppendDetails(ByteBuilder text, ref long position)
    {
        using Guard guard = Acquire();
        long index = 0;
        foreach (KeyValuePair<EpollKey, EpollItem> pair in _items)
        {
            if (index++ < position) continue;
            if (index - position > LinesAtOnce)
            {
                position = index - 1;
                return true;
            }

            EpollItem item = pair.Value;
            text.Append("tfd: "u8).Append((long)item.Fd, NumberColumns);
            text.Append(" events: "u8).AppendHexRight(item.Events, NumberColumns);
            text.Append(" data: "u8).AppendHexRight(item.Data, DataColumns);
            text.Append("  pos:"u8).Append(item.File.Offset);
            text.Append(" ino:"u8).AppendHex(item.File.Inode.Number);
            text.Append(" sdev:"u8).AppendHex(item.File.Inode.Filesystem.Device.Packed).Append((byte)'\n');
        }

        return false;
    }

    protected override void Closed()
    {
        using SleepLock.Guard nesting = EpollNesting.Acquire();
        using Guard guard = Acquire();
        foreach (KeyValuePair<EpollKey, EpollItem> pair in _items) ReleaseLocked(pair.Value);
        _items.Clear();
    }

    private Errno Insert(EpollItem item)
    {
        using Guard guard = Acquire();
        if (_items.ContainsKey(item.Key)) return Errno.EEXIST;
        if (!KernelObjects.MayCreateFile()) return Errno.ENOMEM;
        if (!item.Account.TryAddWatch()) return Errno.ENOSPC;
        _items.Add(item.Key, item);
        EpollWatches.Add(item);
        NoteIfReady(item, item.File.Poll(item));
        return Errno.None;
    }

    private Errno Take(int fd, OpenFile file)
    {
        using Guard guard = Acquire();
        if (!_items.TryGetValue(new EpollKey(fd, file), out EpollItem? item)) return Errno.ENOENT;
        RemoveLocked(item);
        return Errno.None;
    }

    /// <summary>Nothing when somebody else was first.</summary>
    private void RemoveLocked(EpollItem item)
    {
        if (item.IsRemoved) return;
        _ = _items.Remove(item.Key);
        ReleaseLocked(item);
    }

    private void ReleaseLocked(EpollItem item)
    {
        item.IsRemoved = true;
        item.LeaveQueues();
        EpollWatches.Remove(item);
        if (item.File is EpollFile) EpollNesting.RemoveLocked(item);
        using (_readyLock.Acquire()) _ready.Remove(item);
        item.Account.RemoveWatch();
    }

    private void NoteIfReady(EpollItem item, uint found)
    {
        if ((found & item.Events) != 0) AddReady(item);
    }

    private void AddReady(EpollItem item)
    {
        using (_readyLock.Acquire()) _ready.Add(item);
        _waiters.Wake(PollBits.POLLIN | PollBits.POLLRDNORM);
    }

    private Guard Acquire() => new(_lock);

    /// <summary>The sleeping lock. One epoll asks another that it watches under its own, so each takes the
    /// next rank; only debug builds look at ranks, and so only they count.</summary>
    private readonly ref struct Guard
    {
        private readonly SleepLock.Guard _guard;

        internal Guard(SleepLock epollLock)
        {
            LockRank rank = LockRank.Epoll;
            Enter(ref rank);
            _guard = epollLock.AcquireNested(rank);
        }

        public void Dispose()
        {
            Leave();
            _guard.Dispose();
        }

        [Conditional("DEBUG")]
        private static void Enter(ref LockRank rank)
            => rank = (LockRank)((int)rank + Tasks.Thread.Current.NestedLockCount++);

        [Conditional("DEBUG")]
        private static void Leave() => Tasks.Thread.Current.NestedLockCount--;
    }

    /// <summary>Wakes who waits for the epoll, after the file's queue has been let go.</summary>
    private sealed class WaiterRelay(WaitQueue waiters) : WakeRelay
    {
        public override void PassOn() => waiters.Wake(PollBits.POLLIN | PollBits.POLLRDNORM);
    }
}
