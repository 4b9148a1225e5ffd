using System;
using System.Threading;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>The poll table of a thread that waits: any event of any queue it was added to wakes the
/// thread.</summary>
/// <remarks>
/// Files are asked, and add the table, before the thread prepares to sleep, so that they may take sleeping
/// locks; what happens in between leaves its mark in <see cref="_isTriggered"/>, and the wait ends at once.
/// <para>Tables are kept for the next wait, with their entries: a wait in the steady state allocates nothing.
/// When there is no memory for more entries, the wait ends every few milliseconds instead, and its owner
/// looks for itself.</para>
/// </remarks>
internal sealed class ThreadPollTable : PollTable, IDisposable
{
    // More than these are for the collector: someone polled a thousand files. So many, on the other hand,
    // there may always be.
    private const int MaxKeptEntries = 32;
    private const int MaxKeptTables = 64;

    private static readonly Nanoseconds s_patience = Nanoseconds.FromMilliseconds(10);

    private static readonly SpinLock s_poolLock = new(LockRank.Poll);
    private static ThreadPollTable? s_pool;
    private static int s_pooled;
    private static int s_isRegistered;

    // Entries in use are the first ones of the list.
    private Entry? _first;
    private Entry? _last;
    private int _made;
    private int _used;
    private bool _isIncomplete;
    private Thread _thread;
    private bool _isTriggered;
    private ThreadPollTable? _next;

    private ThreadPollTable(Thread thread)
    {
        _thread = thread;
    }

    /// <summary>A table for the current thread.</summary>
    internal static ThreadPollTable Rent()
    {
        ThreadPollTable? table;
        using (s_poolLock.Acquire())
        {
            table = s_pool;
            if (table is not null)
            {
                s_pool = table._next;
                s_pooled--;
            }
        }

        if (table is null) return new ThreadPollTable(Thread.Current);
        table._thread = Thread.Current;
        table._isTriggered = false;
        return table;
    }

    public override void Add(WaitQueue queue, uint interest)
    {
        Entry? entry = _last is null ? _first : _last.Following;
        entry ??= TryMake();
        if (entry is null)
        {
            _isIncomplete = true;
            return;
        }

        _last = entry;
        _used++;
        entry.AddedTo = queue;
        entry.Interest = interest;
        queue.Add(entry);
    }

    /// <summary>Waits until something has happened since the table was made or the last wait ended.</summary>
    /// <returns>Woken, perhaps for nothing: the owner looks.</returns>
    internal WakeReason Wait(SleepMode mode, Nanoseconds deadline)
    {
        Nanoseconds look = _isIncomplete ? Clock.Monotonic + s_patience : deadline;
        bool looksEarlier = look < deadline;
        Sleep.Prepare();
        WakeReason reason = WakeReason.Woken;
        if (Volatile.Read(ref _isTriggered)) Sleep.CancelPrepare();
        else reason = Sleep.Block(mode, looksEarlier ? look : deadline);
        Volatile.Write(ref _isTriggered, false);
        return reason == WakeReason.TimedOut && looksEarlier ? WakeReason.Woken : reason;
    }

    /// <summary>Leaves all queues.</summary>
    internal void Clear()
    {
        Entry? entry = _first;
        for (; _used > 0; _used--)
        {
            entry!.AddedTo!.Remove(entry);
            entry.AddedTo = null;
            entry = entry.Following;
        }

        _last = null;
        _isIncomplete = false;
        Volatile.Write(ref _isTriggered, false);
    }

    /// <summary>Leaves all queues; the table is kept for the next who waits.</summary>
    public void Dispose()
    {
        Clear();
        if (_made > MaxKeptEntries) return;
        if (Volatile.Read(ref s_isRegistered) == 0 && Interlocked.Exchange(ref s_isRegistered, 1) == 0)
            MemoryPressure.Register(new Dropping());

        using SpinLock.Guard guard = s_poolLock.Acquire();
        if (s_pooled == MaxKeptTables) return;
        _next = s_pool;
        s_pool = this;
        s_pooled++;
    }

    private Entry? TryMake()
    {
        if (_made >= MaxKeptEntries && !KernelObjects.MayCreateFile()) return null;

        Entry entry = new(this);
        if (_last is null) _first = entry;
        else _last.Following = entry;
        _made++;
        return entry;
    }

    private sealed class Dropping : Shrinker
    {
        /// <summary>There are no frames here, only objects.</summary>
        public override int Shrink(int wantedFrames) => 0;

        public override void DropObjects()
        {
            using SpinLock.Guard guard = s_poolLock.Acquire();
            s_pool = null;
            s_pooled = 0;
        }
    }

    private void Trigger()
    {
        Volatile.Write(ref _isTriggered, true);
        _thread.Wake();
    }

    private sealed class Entry(ThreadPollTable table) : WaitEntry
    {
        internal WaitQueue? AddedTo { get; set; }
        internal Entry? Following { get; set; }

        public override bool OnWake(uint events)
        {
            table.Trigger();
            return true;
        }
    }
}
