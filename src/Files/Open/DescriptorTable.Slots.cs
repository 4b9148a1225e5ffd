using System;
using System.Threading;
using Cashew.Runtime;

namespace Cashew.Files;

/// <content>Where the files are kept.</content>
/// <remarks>
/// Low numbers, and so nearly all, lie in one array that grows by doubling. High ones lie in pieces that are made when a
/// number in them is wanted: an object of the collected heap has a largest size, and somebody who duplicates to
/// one high number should pay for one piece.
/// </remarks>
public sealed partial class DescriptorTable
{
    private const int LowCount = 1 << 15;
    private const int PieceShift = 12;
    private const int PieceCount = 1 << PieceShift;

    private OpenFile?[] _slots;
    private OpenFile?[]?[]? _pieces; // of the numbers from LowCount on; all or none

    /// <summary>The lowest open descriptor from a number on; -1 when there is none. For /proc/PID/fd.</summary>
    public int NextOpen(int fd)
    {
        OpenFile?[] slots = Volatile.Read(ref _slots);
        for (int i = Math.Max(fd, 0); i < slots.Length; i++)
        {
            if (Volatile.Read(ref slots[i]) is not null) return i;
        }

        return Volatile.Read(ref _pieces) is { } pieces ? NextOpenHigh(pieces, Math.Max(fd, LowCount)) : -1;
    }

    private static int NextOpenHigh(OpenFile?[]?[] pieces, int fd)
    {
        int at = fd - LowCount;
        while (at >> PieceShift < pieces.Length)
        {
            OpenFile?[]? piece = Volatile.Read(ref pieces[at >> PieceShift]);
            if (piece is null)
            {
                at = ((at >> PieceShift) + 1) << PieceShift;
                continue;
            }

            if (Volatile.Read(ref piece[at & (PieceCount - 1)]) is not null) return at + LowCount;
            at++;
        }

        return -1;
    }

    private OpenFile? Load(int fd)
    {
        OpenFile?[] slots = Volatile.Read(ref _slots);
        return (uint)fd < (uint)slots.Length ? Volatile.Read(ref slots[fd]) : LoadHigh(fd);
    }

    private OpenFile? LoadHigh(int fd)
    {
        OpenFile?[]? piece = PieceOf(fd);
        return piece is null ? null : Volatile.Read(ref piece[fd & (PieceCount - 1)]);
    }

    private void Store(int fd, OpenFile? file)
    {
        if (fd < _slots.Length) Volatile.Write(ref _slots[fd], file);
        else Volatile.Write(ref PieceOf(fd)![fd & (PieceCount - 1)], file);
    }

    private bool HasSlot(int fd) => fd < _slots.Length || PieceOf(fd) is not null;

    private OpenFile?[]? PieceOf(int fd)
    {
        OpenFile?[]?[]? pieces = Volatile.Read(ref _pieces);
        bool isHigh = pieces is not null && fd is >= LowCount and < MaxCount;
        return isHigh ? Volatile.Read(ref pieces![(fd - LowCount) >> PieceShift]) : null;
    }

    /// <summary>Makes room for a number below <see cref="MaxCount"/>; false when there is no memory.</summary>
    /// <locking>No lock is held.</locking>
    private bool TryGrow(int fd)
    {
        if (HasSlot(fd)) return true;
        int bitCount = CountFor(fd, Capacity);
        int lowCount = fd < LowCount ? CountFor(fd, Volatile.Read(ref _slots).Length) : 0;
        int highCount = fd < LowCount ? 0 : PieceCount + (MaxCount - LowCount) / PieceCount;

        const int SlotBytes = sizeof(ulong);
        const int BitsPerByte = 8;
        const int BitArrays = 2;
        if (!Collector.TryReserve((lowCount + highCount) * SlotBytes + BitArrays * bitCount / BitsPerByte)) return false;

        GrowBits(bitCount);
        if (fd < LowCount) GrowLow(lowCount);
        else AddPiece(fd);
        return true;
    }

    private static int CountFor(int fd, int count)
    {
        while (count <= fd) count *= 2;
        return count;
    }

    /// <summary>The new arrays are published whole; who reads the old ones meanwhile sees what was true when it began.
    /// </summary>
    private void GrowLow(int count)
    {
        OpenFile?[] slots = new OpenFile?[count];
        using Machine.SpinLock.Guard guard = _lock.Acquire();
        if (_slots.Length >= slots.Length) return;
        _slots.AsSpan().CopyTo(slots);
        Volatile.Write(ref _slots, slots);
    }

    private void AddPiece(int fd)
    {
        OpenFile?[]?[] pieces = Volatile.Read(ref _pieces) ?? new OpenFile?[]?[(MaxCount - LowCount) / PieceCount];
        OpenFile?[] piece = new OpenFile?[PieceCount];
        using Machine.SpinLock.Guard guard = _lock.Acquire();
        if (_pieces is null) Volatile.Write(ref _pieces, pieces);
        ref OpenFile?[]? place = ref _pieces![(fd - LowCount) >> PieceShift];
        if (place is null) Volatile.Write(ref place, piece);
    }

    private void GrowBits(int count)
    {
        ulong[] taken = new ulong[count / BitsPerWord];
        ulong[] closeOnExec = new ulong[count / BitsPerWord];
        using Machine.SpinLock.Guard guard = _lock.Acquire();
        if (_taken.Length >= taken.Length) return;
        _taken.AsSpan().CopyTo(taken);
        _closeOnExec.AsSpan().CopyTo(closeOnExec);
        _closeOnExec = closeOnExec;
        Volatile.Write(ref _taken, taken);
    }

    // ---- for clones -----------------------------------------------------------------------------------------------

    private bool HasSlotsOf(DescriptorTable other)
    {
        if (_slots.Length < other._slots.Length || _taken.Length != other._taken.Length) return false;
        for (int i = 0; other._pieces is not null && i < other._pieces.Length; i++)
        {
            if (other._pieces[i] is not null && _pieces?[i] is null) return false;
        }

        return true;
    }

    private void MakeSlotsOf(DescriptorTable other)
    {
        GrowBits(other.Capacity);
        GrowLow(Volatile.Read(ref other._slots).Length);
        OpenFile?[]?[]? pieces = Volatile.Read(ref other._pieces);
        for (int i = 0; pieces is not null && i < pieces.Length; i++)
        {
            int fd = LowCount + (i << PieceShift);
            if (Volatile.Read(ref pieces[i]) is not null && PieceOf(fd) is null) AddPiece(fd);
        }
    }
}
