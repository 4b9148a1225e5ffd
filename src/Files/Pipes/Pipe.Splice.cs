using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <content>Whole pages, in and out. Whoever moves them waits for files in between, so the lock is not held:
/// room is reserved before it is filled, and what is on its way out is nobody else's until it has
/// arrived.</content>
/// <source>splice(2), tee(2).</source>
internal sealed partial class Pipe
{
    // Somebody moves the first segments elsewhere.
    private bool _isDrained;

    /// <summary>Whether something may still come that a reader of an empty pipe has to wait for.</summary>
    internal bool MayHaveMore => HasWriters || Volatile.Read(ref _isDrained);

    /// <summary>Room for one segment or more.</summary>
    /// <errors>EPIPE: nobody reads. EAGAIN: full.</errors>
    internal Errno TryReserve(int wanted, out int slots)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        slots = 0;
        if (!HasReaders) return Errno.EPIPE;
        if (_buffer.IsFull) return Errno.EAGAIN;
        slots = int.Min(wanted, _buffer.FreeSlots);
        _buffer.Reserve(slots);
        return Errno.None;
    }

    /// <summary>Fills what was reserved; what is not filled is free again. The references go over to the
    /// pipe.</summary>
    internal void Fill(scoped ReadOnlySpan<PipeSegment> segments, int reserved)
    {
        using (_lock.Acquire())
        {
            _buffer.CancelReservation(reserved);
            foreach (ref readonly PipeSegment segment in segments) _buffer.Add(segment);
        }

        if (segments.Length > 0) _readers.Wake(ReadEvents);
        if (segments.Length < reserved && IsWritable) _writers.Wake(WriteEvents);
    }

    /// <summary>The first segments once more, for tee.</summary>
    /// <errors>EAGAIN: empty, and there are writers.</errors>
    internal Errno Share(scoped Span<PipeSegment> into, long mostBytes, out int count)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        return ShareLocked(into, mostBytes, out count);
    }

    /// <summary>The same, and nobody else reads until <see cref="EndDrain"/>, which has to follow if there is
    /// any segment.
    /// </summary>
    internal Errno BeginDrain(scoped Span<PipeSegment> into, long mostBytes, out int count)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        Errno error = ShareLocked(into, mostBytes, out count);
        if (count > 0) Volatile.Write(ref _isDrained, true);
        return error;
    }

    /// <summary>Drops what has arrived.</summary>
    internal void EndDrain(long arrivedBytes)
    {
        bool wasFull;
        using (_lock.Acquire())
        {
            wasFull = _buffer.IsFull;
            _buffer.Skip(arrivedBytes);
            Volatile.Write(ref _isDrained, false);
        }

        if (wasFull && IsWritable) _writers.Wake(WriteEvents);
        if (!_buffer.IsEmpty || !HasWriters) _readers.WakeAll(ReadEvents);
    }

    private Errno ShareLocked(scoped Span<PipeSegment> into, long mostBytes, out int count)
    {
        count = 0;
        if (_isDrained) return Errno.EAGAIN;
        if (_buffer.IsEmpty) return HasWriters ? Errno.EAGAIN : Errno.None;
        count = _buffer.Share(into, mostBytes);
        return Errno.None;
    }
}
