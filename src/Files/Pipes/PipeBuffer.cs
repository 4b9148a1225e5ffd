using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files;

/// <summary>The bytes in a pipe: a ring of slots with a page each, taken when bytes arrive and given back
/// when they are read.
/// </summary>
/// <remarks>
/// How much fits depends on how it came, as on Linux: a write goes on in the last page only as a whole. So
/// there is always room for a write of PIPE_BUF bytes when a slot is free.
/// <para>One frame stays while the pipe is in use: small messages back and forth then allocate
/// nothing.</para>
/// </remarks>
/// <locking>The pipe's; <see cref="IsEmpty"/> and <see cref="IsFull"/> may be read without.</locking>
/// <source>pipe(7), "Pipe capacity".</source>
internal struct PipeBuffer
{
    internal const int PageBytes = UserAddress.PageSizeBytes;

    /// <summary>Pages of a new pipe.</summary>
    internal const int DefaultSlots = 16;

    // A power of two of them. Positions count all segments that ever were.
    private PipeSegment[] _slots;
    private uint _added;
    private uint _removed;

    // Slots promised to who is about to fill them.
    private int _reserved;
    private Frame _spare;

    internal PipeBuffer(int slots)
    {
        _slots = new PipeSegment[slots];
    }

    internal readonly int SlotCount => Volatile.Read(in _slots).Length;

    internal readonly int UsedSlots => (int)(Volatile.Read(in _added) - Volatile.Read(in _removed));

    internal readonly bool IsEmpty => Volatile.Read(in _added) == Volatile.Read(in _removed);

    internal readonly int FreeSlots => SlotCount - UsedSlots - Volatile.Read(in _reserved);

    internal readonly bool IsFull => FreeSlots <= 0;

    /// <summary>All bytes, for FIONREAD.</summary>
    internal readonly int CountBytes()
    {
        int total = 0;
        for (uint at = _removed; at != _added; at++) total += SlotAt(at).LengthBytes;
        return total;
    }

    /// <summary>Moves what fits into the destination; a packet at most.</summary>
    /// <returns>The count; less than there was only if the destination is full or bad.</returns>
    internal int Read(ref UserDestination destination)
    {
        int total = 0;
        while (!IsEmpty && destination.RemainingBytes > 0)
        {
            ref PipeSegment segment = ref SlotAt(_removed);
            int chunk = Math.Min(segment.LengthBytes, destination.RemainingBytes);
            int moved = destination.Write(segment.Page.Bytes.Slice(segment.Start, chunk));
            segment.Skip(moved);
            total += moved;

            // What is not read of a packet is lost.
            bool isPacket = segment.Kind == PipeSegmentKind.Packet;
            if (segment.LengthBytes == 0 || (isPacket && moved == chunk)) RemoveFirst();
            if (moved < chunk || isPacket) break;
        }

        return total;
    }

    /// <summary>Moves what there is room for out of the source.</summary>
    /// <param name="kind">Of the new segments: Open or Packet.</param>
    /// <param name="error">ENOMEM: a page was needed and there is none.</param>
    internal int Write(ref UserSource source, PipeSegmentKind kind, out Errno error)
    {
        error = Errno.None;
        int total = kind == PipeSegmentKind.Open ? Append(ref source) : 0;
        while (!IsFull && source.RemainingBytes > 0 && !source.HasFaulted)
        {
            if (!TryTakePage(out Frame page))
            {
                error = Errno.ENOMEM;
                break;
            }

            int chunk = Math.Min(PageBytes, source.RemainingBytes);
            int moved = source.Read(page.Bytes[..chunk]);
            if (moved == 0) GiveBack(page);
            else Add(new PipeSegment { Page = page, LengthBytes = moved, Kind = kind });
            total += moved;
        }

        return total;
    }

    /// <summary>Could a write of so many bytes, if they are to go in undivided, or else its first
    /// part?</summary>
    internal readonly bool HasRoomFor(int bytes) => !IsFull || FitsInLast(bytes % PageBytes);

    /// <summary>Keeps slots free for whoever comes back with as many segments.</summary>
    internal void Reserve(int slots) => Volatile.Write(ref _reserved, _reserved + slots);

    internal void CancelReservation(int slots) => Volatile.Write(ref _reserved, _reserved - slots);

    /// <summary>Puts a segment at the end; there is room.</summary>
    internal void Add(in PipeSegment segment)
    {
        SlotAt(_added) = segment;
        Volatile.Write(ref _added, _added + 1);
    }

    /// <summary>The first segments once more, with references of their own: as many as there is room for, and
    /// not more bytes than asked for.</summary>
    /// <returns>Segments.</returns>
    internal readonly int Share(scoped Span<PipeSegment> into, long mostBytes)
    {
        int count = 0;
        for (uint at = _removed; at != _added && count < into.Length && mostBytes > 0; at++)
        {
            ref PipeSegment segment = ref SlotAt(at);
            into[count] = segment.Share((int)long.Min(segment.LengthBytes, mostBytes));
            mostBytes -= into[count++].LengthBytes;
        }

        return count;
    }

    /// <summary>Drops bytes that have gone elsewhere.</summary>
    internal void Skip(long bytes)
    {
        while (bytes > 0)
        {
            ref PipeSegment segment = ref SlotAt(_removed);
            int chunk = (int)long.Min(segment.LengthBytes, bytes);
            segment.Skip(chunk);
            if (segment.LengthBytes == 0) RemoveFirst();
            bytes -= chunk;
        }
    }

    internal readonly bool CanHaveSlots(int count) => count >= UsedSlots + _reserved;

    /// <summary>Another number of slots, a power of two; not fewer than are used.</summary>
    internal void Resize(PipeSegment[] slots)
    {
        uint count = 0;
        for (uint at = _removed; at != _added; at++) slots[count++] = SlotAt(at);

        // Who looks without the lock may see a state that never was; he is woken afterwards and looks again.
        Volatile.Write(ref _removed, 0);
        Volatile.Write(ref _added, count);
        Volatile.Write(ref _slots, slots);
    }

    /// <summary>Drops everything, the kept frame too.</summary>
    internal void Clear()
    {
        while (!IsEmpty) RemoveFirst();
        if (!_spare.IsNone) _spare.Release();
        _spare = default;
    }

    private readonly ref PipeSegment SlotAt(uint position) => ref _slots[position & (uint)(_slots.Length - 1)];

    /// <summary>The part of a write that fills no page goes on in the last one if all of it fits.</summary>
    private int Append(ref UserSource source)
    {
        int part = source.RemainingBytes % PageBytes;
        if (!FitsInLast(part)) return 0;

        ref PipeSegment last = ref SlotAt(_added - 1);
        int moved = source.Read(last.Page.Bytes.Slice(last.End, part));
        last.LengthBytes += moved;
        return moved;
    }

    private readonly bool FitsInLast(int bytes)
    {
        if (bytes == 0 || IsEmpty) return false;
        ref PipeSegment last = ref SlotAt(_added - 1);
        return last.Kind == PipeSegmentKind.Open && bytes <= PageBytes - last.End;
    }

    private void RemoveFirst()
    {
        ref PipeSegment first = ref SlotAt(_removed);
        Frame page = first.Page;
        first = default;
        Volatile.Write(ref _removed, _removed + 1);
        GiveBack(page);
    }

    private bool TryTakePage(out Frame page)
    {
        page = _spare;
        _spare = default;
        return !page.IsNone || UserFrames.TryAllocate(out page);
    }

    private void GiveBack(Frame page)
    {
        if (_spare.IsNone && page.ReferenceCount == 1) _spare = page;
        else page.Release();
    }
}
