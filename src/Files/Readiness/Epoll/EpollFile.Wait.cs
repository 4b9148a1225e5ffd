using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <content>What is ready.</content>
public sealed partial class EpollFile
{
    /// <summary>What one event takes in a program's memory.</summary>
    public const int EventBytes = 12;

    /// <summary>Waits until a file is ready, and stores the events of all that are, as many as there is room
    /// for.</summary>
    /// <param name="destination">Where the program wants them.</param>
    /// <param name="maxEvents">How many there is room for; at least one.</param>
    /// <param name="deadline">On the monotonic clock; one that has passed means only to look.</param>
    /// <returns>How many.</returns>
    /// <errors>EINTR: a signal came first; the call is never begun again. EFAULT.</errors>
    public IoResult Wait(UserAddress destination, int maxEvents, Nanoseconds deadline)
    {
        WakeReason reason = WakeReason.Woken;
        while (true)
        {
            IoResult result = Collect(destination, maxEvents);
            if (result.Value != 0) return result;
            bool mayWait = deadline == Nanoseconds.Max || deadline > Clock.Monotonic;
            if (!mayWait || reason == WakeReason.TimedOut) return 0;
            if (reason == WakeReason.Interrupted) return Errno.EINTR;

            // Looked at once more whatever ends the wait: a wake-up that reached us must not be lost on us.
            MayBeReady condition = new(this);
            reason = Sleep.UntilExclusive(_waiters, ref condition, SleepMode.Interruptible, deadline);
        }
    }

    public override uint Poll(PollTable? table)
    {
        table?.Add(_waiters, PollBits.POLLIN | PollBits.POLLRDNORM);
        return IsAnyReady() ? PollBits.POLLIN | PollBits.POLLRDNORM : 0;
    }

    /// <summary>An item's file tells of events. Under the lock of the file's queue.</summary>
    /// <returns>Whether somebody was woken for it.</returns>
    internal bool Signal(EpollItem item, uint events)
    {
        using (_readyLock.Acquire())
        {
            if (item.IsMuted || (events != 0 && (events & item.Events) == 0)) return false;
            item.Signals++;
            _ready.Add(item);
        }

        // Whoever is about to wait has queued before it looks at the list; we have added before we look at
        // the queue.
        Interlocked.MemoryBarrier();
        if (_waiters.IsEmpty) return false;
        _relay.Ask();
        return true;
    }

    /// <summary>One pass over the ready list: each item that was on it at the start is looked at
    /// once.</summary>
    private IoResult Collect(UserAddress destination, int maxEvents)
    {
        if (_ready.First is null) return 0;

        int count = 0;
        using (Acquire())
        {
            long pass = ++_lastPass;
            while (count < maxEvents && TryTakeLocked(pass, isForReport: true, out Look look))
            {
                uint found = look.Item.File.Poll(null) & look.Events;
                if (found == 0)
                {
                    DropIfQuiet(look);
                    continue;
                }

                EpollEvent stored = new() { events = found, data = look.Data };
                if (!UserMemory.TryWrite(destination + (ulong)(count * EventBytes), in stored))
                {
                    // Not reported, so not over.
                    AddReady(look.Item);
                    return count > 0 ? count : Errno.EFAULT;
                }

                count++;
                if ((look.Events & EpollBits.EPOLLONESHOT) != 0) Mute(look.Item);
            }
        }

        // Others wait for what is left, or for what stays ready; each was told once and by one wake-up.
        // Giving up the lock was a barrier: whoever queues after this look sees the list.
        if (count > 0 && _ready.First is not null && !_waiters.IsEmpty) _waiters.Wake(PollBits.POLLIN | PollBits.POLLRDNORM);
        return count;
    }

    /// <summary>The same without reporting anything.</summary>
    private bool IsAnyReady()
    {
        if (_ready.First is null) return false;

        using Guard guard = Acquire();
        long pass = ++_lastPass;
        while (TryTakeLocked(pass, isForReport: false, out Look look))
        {
            if ((look.Item.File.Poll(null) & look.Events) != 0) return true;
            DropIfQuiet(look);
        }

        return false;
    }

    /// <summary>The first item that the pass has not seen. It goes to the end of the list, and out of it if
    /// reporting it ends
    /// its turn: what happens after this puts it on the list again.</summary>
    /// <remarks>An item that stays and is the only one costs no spin lock: under the sleeping lock nobody
    /// takes it out, and what is added behind it meanwhile is for the next pass.</remarks>
    private bool TryTakeLocked(long pass, bool isForReport, out Look look)
    {
        EpollItem? item = _ready.First;
        if (item is null || item.Pass == pass)
        {
            look = default;
            return false;
        }

        item.Pass = pass;
        bool isOver = isForReport && item.Has(EpollBits.EPOLLET | EpollBits.EPOLLONESHOT);
        if (!isOver && Volatile.Read(ref item.NextReady) is null)
        {
            look = new Look(item);
            return true;
        }

        using SpinLock.Guard guard = _readyLock.Acquire();
        _ready.Remove(item);
        if (!isOver) _ready.Add(item);
        look = new Look(item);
        return true;
    }

    /// <summary>Not ready after all: off the list, unless it has heard of something since.</summary>
    private void DropIfQuiet(in Look look)
    {
        using SpinLock.Guard guard = _readyLock.Acquire();
        if (look.Item.Signals == look.Signals) _ready.Remove(look.Item);
    }

    /// <summary>A oneshot item has reported: nothing more until it is armed again.</summary>
    private void Mute(EpollItem item)
    {
        using SpinLock.Guard guard = _readyLock.Acquire();
        item.Events &= EpollItem.ModeBits;
        _ready.Remove(item);
    }

    /// <summary>An item as it was when it was taken.</summary>
    private readonly struct Look(EpollItem item)
    {
        internal EpollItem Item { get; } = item;
        internal uint Events { get; } = item.Events;
        internal ulong Data { get; } = item.Data;
        internal uint Signals { get; } = Volatile.Read(ref item.Signals);
    }

    private readonly struct MayBeReady(EpollFile epoll) : ISleepCondition
    {
        public bool IsMet() => epoll._ready.First is not null;
    }
}
