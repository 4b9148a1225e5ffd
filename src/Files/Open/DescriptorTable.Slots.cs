using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files;

/// <content>Where the files are kept.</content>
/// <remarks>
/// In pieces of 64. The first is always there, and most processes need no other. The rest hang in a tree of
/// two levels and come when a number in them is wanted: all objects are small, nothing is ever copied to make
/// room, and somebody who duplicates to one high number pays for one piece.
/// </remarks>
public sealed partial class DescriptorTable
{
    private const int GroupPieces = 64;
    private const int GroupCount = GroupPieces * DescriptorPiece.Count;
    private const int MostGroups = MaxCount / GroupCount;

    private readonly DescriptorPiece _first = new();
    private Group?[]? _groups;
    private int _capacity = DescriptorPiece.Count;

    private sealed class Group
    {
        internal PieceArray Pieces;
    }

    [InlineArray(GroupPieces)]
    private struct PieceArray
    {
        private DescriptorPiece? _first;
    }

    /// <summary>How many slots there seem to be, a power of two: FDSize of /proc/PID/status.</summary>
    public int Capacity => Volatile.Read(ref _capacity);

    /// <summary>The lowest open descriptor from a number on; -1 when there is none. For
    /// /proc/PID/fd.</summary>
    public int NextOpen(int fd)
    {
        for (fd = Math.Max(fd, 0); fd < Capacity; fd++)
        {
            DescriptorPiece? piece = PieceOf(fd);
            if (piece is null || Volatile.Read(ref piece.Taken) == 0) fd |= DescriptorPiece.Count - 1;
            else if (piece.Load(fd) is not null) return fd;
        }

        return -1;
    }

    private OpenFile? Load(int fd)
        => (uint)fd < DescriptorPiece.Count ? _first.Load(fd) : PieceOf(fd)?.Load(fd);

    /// <summary>The piece that a number lies in, whatever the number; null when it has not been
    /// made.</summary>
    private DescriptorPiece? PieceOf(int fd)
    {
        if ((uint)fd < DescriptorPiece.Count) return _first;
        Group?[]? groups = Volatile.Read(ref _groups);
        if (groups is null || (uint)fd >= MaxCount) return null;
        Group? group = Volatile.Read(ref groups[fd / GroupCount]);
        return group is null ? null : Volatile.Read(ref group.Pieces[PlaceInGroup(fd)]);
    }

    private static int PlaceInGroup(int fd) => fd / DescriptorPiece.Count % GroupPieces;

    /// <summary>Makes room for a number below <see cref="MaxCount"/>; false when there is no
    /// memory.</summary>
    /// <locking>The table's lock is not held.</locking>
    private bool TryGrow(int fd)
    {
        if (PieceOf(fd) is not null) return true;
        if (!KernelObjects.MayCreate()) return false;

        Group?[] groups = Volatile.Read(ref _groups) ?? new Group?[MostGroups];
        Group group = groups[fd / GroupCount] ?? new Group();
        DescriptorPiece piece = new();
        using SpinLock.Guard guard = _lock.Acquire();

        // Another thread may have been here meanwhile: what is there stays.
        if (_groups is null) Volatile.Write(ref _groups, groups);
        ref Group? groupPlace = ref _groups![fd / GroupCount];
        if (groupPlace is null) Volatile.Write(ref groupPlace, group);
        ref DescriptorPiece? place = ref groupPlace!.Pieces[PlaceInGroup(fd)];
        if (place is null) Volatile.Write(ref place, piece);
        while (_capacity <= fd) Volatile.Write(ref _capacity, _capacity * 2);
        return true;
    }

    private int FindFreeLocked(int from)
    {
        for (int fd = from; fd < MaxCount; fd = (fd | (DescriptorPiece.Count - 1)) + 1)
        {
            DescriptorPiece? piece = PieceOf(fd);
            if (piece is null) return fd;
            ulong free = ~piece.Taken & (ulong.MaxValue << (fd % DescriptorPiece.Count));
            if (free != 0) return (fd & -DescriptorPiece.Count) + BitOperations.TrailingZeroCount(free);
        }

        return MaxCount;
    }

    // ---- for clones
    // -----------------------------------------------------------------------------------------------

    /// <summary>The first piece in use from a number on; null at the end.</summary>
    private DescriptorPiece? NextUsedPiece(ref int fd)
    {
        for (; fd < _capacity; fd += DescriptorPiece.Count)
        {
            if (PieceOf(fd) is { Taken: not 0 } piece) return piece;
        }

        return null;
    }

    private bool HasPiecesOfLocked(DescriptorTable other)
    {
        for (int fd = 0; other.NextUsedPiece(ref fd) is not null; fd += DescriptorPiece.Count)
        {
            if (PieceOf(fd) is null) return false;
        }

        return true;
    }

    private bool TryMakePiecesOf(DescriptorTable other)
    {
        for (int fd = 0; other.NextUsedPiece(ref fd) is not null; fd += DescriptorPiece.Count)
        {
            if (!TryGrow(fd)) return false;
        }

        return true;
    }
}
