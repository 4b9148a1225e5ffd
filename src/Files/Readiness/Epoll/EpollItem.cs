using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>One file that an epoll watches. As a poll table it stays on the file's queues and hears of every
/// event.</summary>
internal sealed class EpollItem(EpollFile epoll, int fd, OpenFile file, FileAccount account) : PollTable
{
    // Bits that say how to watch, and not for what.
    internal const uint ModeBits = EpollBits.EPOLLET | EpollBits.EPOLLONESHOT | EpollBits.EPOLLEXCLUSIVE
        | EpollBits.EPOLLWAKEUP;

    private Entry? _entries;

    internal EpollFile Epoll { get; } = epoll;
    internal int Fd { get; } = fd;
    internal OpenFile File { get; } = file;
    internal FileAccount Account { get; } = account;

    // The epoll's spin lock protects from here...

    /// <summary>As the program gave them, and what is reported unasked; the mode alone once a oneshot item
    /// has reported.
    /// </summary>
    internal uint Events;

    /// <summary>The program's own.</summary>
    internal ulong Data;

    /// <summary>Counts what it heard, to see whether there was something meanwhile.</summary>
    internal uint Signals;

    internal bool IsListed;
    internal EpollItem? NextReady;
    internal EpollItem? PreviousReady;

    // ...to here. The pass over the ready list that has seen it: the epoll's sleeping lock.
    internal long Pass;

    /// <summary>No more part of the epoll; its sleeping lock.</summary>
    internal bool IsRemoved;

    // The watches of the file; EpollWatches' lock.
    internal EpollItem? NextWatch;

    // The epolls that the epoll watches; EpollNesting's lock.
    internal EpollItem? NextNested;

    internal bool IsMuted => (Events & ~ModeBits) == 0;

    internal bool Has(uint mode) => (Events & mode) != 0;

    internal EpollKey Key => new(Fd, File);

    public override void Add(WaitQueue queue, uint interest)
    {
        Entry entry = new(this, queue, _entries)
        {
            Interest = interest,
            IsExclusive = Has(EpollBits.EPOLLEXCLUSIVE),
        };
        _entries = entry;
        queue.Add(entry);
    }

    /// <summary>Leaves the file's queues.</summary>
    internal void LeaveQueues()
    {
        for (Entry? entry = _entries; entry is not null; entry = entry.NextEntry) entry.AddedTo.Remove(entry);
        _entries = null;
    }

    private sealed class Entry(EpollItem item, WaitQueue queue, Entry? next) : WaitEntry
    {
        internal WaitQueue AddedTo { get; } = queue;
        internal Entry? NextEntry { get; } = next;

        public override bool OnWake(uint events) => item.Epoll.Signal(item, events);
    }
}
