using System;
using System.Threading;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>The poll table of a thread that waits: any event of any queue it was added to wakes the thread.</summary>
/// <remarks>
/// Files are asked, and add the table, before the thread prepares to sleep, so that they may take sleeping locks; what
/// happens in between leaves its mark in <see cref="_isTriggered"/>, and the wait ends at once.
/// <para>Tables are kept for the next wait, with their entries: a wait in the steady state allocates nothing.</para>
/// </remarks>
internal sealed class ThreadPollTable : PollTable, IDisposable
{
    private const int InitialEntries = 2;

    // More than these are for the collector: someone polled a thousand files.
    private const int MaxKeptEntries = 32;
    private const int MaxKeptTables = 64;

    private static readonly SpinLock s_poolLock = new(LockRank.Poll);
    private static ThreadPollTable? s_pool;
    private static int s_pooled;

    private Entry[] _entries = [];
    private int _count;
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
        if (_count == _entries.Length) Grow();
        Entry entry = _entries[_count++];
        entry.AddedTo = queue;
        entry.Interest = interest;
        queue.Add(entry);
    }

    /// <summary>Waits until something has happened since the table was made or the last wait ended.</summary>
    internal WakeReason Wait(SleepMode mode, Nanoseconds deadline)
    {
        Sleep.Prepare();
        WakeReason reason = WakeReason.Woken;
        if (Volatile.Read(ref _isTriggered)) Sleep.CancelPrepare();
        else reason = Sleep.Block(mode, deadline);
        Volatile.Write(ref _isTriggered, false);
        return reason;
    }

    /// <summary>Leaves all queues.</summary>
    internal void Clear()
    {
        for (int i = 0; i < _count; i++)
        {
            Entry entry = _entries[i];
            entry.AddedTo!.Remove(entry);
            entry.AddedTo = null;
        }

        _count = 0;
        Volatile.Write(ref _isTriggered, false);
    }

    /// <summary>Leaves all queues; the table is kept for the next who waits.</summary>
    public void Dispose()
    {
        Clear();
        if (_entries.Length > MaxKeptEntries) return;

        using SpinLock.Guard guard = s_poolLock.Acquire();
        if (s_pooled == MaxKeptTables) return;
        _next = s_pool;
        s_pool = this;
        s_pooled++;
    }

    private void Grow()
    {
        int old = _entries.Length;
        Array.Resize(ref _entries, Math.Max(InitialEntries, old * 2));
        for (int i = old; i < _entries.Length; i++) _entries[i] = new Entry(this);
    }

    private void Trigger()
    {
        Volatile.Write(ref _isTriggered, true);
        _thread.Wake();
    }

    private sealed class Entry(ThreadPollTable table) : WaitEntry
    {
        internal WaitQueue? AddedTo { get; set; }

        public override bool OnWake(uint events)
        {
            table.Trigger();
            return true;
        }
    }
}
