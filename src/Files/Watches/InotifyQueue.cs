using System;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>The events that wait in one inotify instance.</summary>
/// <locking>The owner's spin lock.</locking>
internal struct InotifyQueue(int mostEvents)
{
    private static readonly byte[] s_noName = [];

    private readonly int _mostEvents = mostEvents;
    private readonly InotifyRecord _overflow = new(-1, InotifyBits.IN_Q_OVERFLOW, 0, s_noName);
    private InotifyRecord? _first;
    private InotifyRecord? _last;
    private int _count;
    private bool _hasOverflow;

    internal readonly InotifyRecord? First => _first;

    /// <summary>What FIONREAD says.</summary>
    internal long LengthBytes { get; private set; }

    internal readonly bool IsFull => _count >= _mostEvents;

    /// <summary>Whether the newest event says the same.</summary>
    internal readonly bool Repeats(int descriptor, uint mask, uint cookie, ReadOnlySpan<byte> name)
        => _last is not null && _last.IsLike(descriptor, mask, cookie, name);

    internal void Add(InotifyRecord record)
    {
        if (_last is null) _first = record;
        else _last.Next = record;
        _last = record;
        _count++;
        LengthBytes += record.LengthBytes;
    }

    /// <summary>Notes that events are lost, once until that is read.</summary>
    /// <returns>Whether there is something new to read.</returns>
    internal bool AddOverflow()
    {
        if (_hasOverflow) return false;
        _hasOverflow = true;
        Add(_overflow);
        return true;
    }

    internal void RemoveFirst()
    {
        InotifyRecord record = _first!;
        _first = record.Next;
        if (_first is null) _last = null;
        record.Next = null;
        _count--;
        LengthBytes -= record.LengthBytes;
        if (ReferenceEquals(record, _overflow)) _hasOverflow = false;
    }
}
