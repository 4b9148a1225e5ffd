using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>The objects of one kind, by id and by key.</summary>
/// <remarks>
/// An id is the number of a slot and how often numbers have begun anew, so that an id is not soon given to
/// another object.
/// </remarks>
/// <locking>Changes under <see cref="Lock"/>; looking up an id takes none.</locking>
internal sealed class IpcTable<T>
    where T : IpcObject
{
    private const int PieceBits = 7;
    private const int PieceLength = 1 << PieceBits;
    private const int KeyChains = 256;
    private const int LeastCircle = 64;

    private readonly T?[]?[] _pieces = new T?[]?[IpcLimits.MostObjects / PieceLength];
    private readonly IpcObject?[] _keys = new IpcObject?[KeyChains];
    private int _lastSlot = -1;
    private int _sequence;

    internal SleepLock Lock { get; } = new(LockRank.IpcNames);

    internal int Count { get; private set; }

    /// <summary>The greatest slot in use; 0 without any, as IPC_INFO answers.</summary>
    internal int HighestSlot { get; private set; }

    /// <errors>EINVAL: there is none with this id.</errors>
    internal bool TryFind(int id, [NotNullWhen(true)] out T? found, out Errno error)
    {
        found = id < 0 ? null : At(id % IpcLimits.MostObjects);
        if (found is not null && found.Id != id) found = null;
        error = found is null ? Errno.EINVAL : Errno.None;
        return found is not null;
    }

    /// <summary>What is in a slot, for SHM_STAT and its like.</summary>
    internal T? At(int slot)
    {
        if ((uint)slot >= IpcLimits.MostObjects) return null;
        T?[]? piece = Volatile.Read(ref _pieces[slot >> PieceBits]);
        return piece is null ? null : Volatile.Read(ref piece[slot & (PieceLength - 1)]);
    }

    /// <summary>The object a key names; null for IPC_PRIVATE, too.</summary>
    internal T? FindKeyLocked(int key)
    {
        if (key == ShmBits.IPC_PRIVATE) return null;
        IpcObject? at = _keys[ChainOf(key)];
        while (at is not null && at.Key != key) at = at.NextOfKey;
        return (T?)at;
    }

    /// <summary>Enters a new object. The caller has seen to it that there are fewer than may be.</summary>
    internal void AddLocked(T added)
    {
        int slot = FindFreeLocked();
        if (slot <= _lastSlot) _sequence = (_sequence + 1) % (int.MaxValue / IpcLimits.MostObjects);
        _lastSlot = slot;
        added.Id = _sequence * IpcLimits.MostObjects + slot;
        AddKeyLocked(added);
        ref T?[]? piece = ref _pieces[slot >> PieceBits];
        if (piece is null) Volatile.Write(ref piece, new T?[PieceLength]);
        Volatile.Write(ref piece![slot & (PieceLength - 1)], added);
        Count++;
        if (slot > HighestSlot) HighestSlot = slot;
    }

    /// <summary>Nobody finds it by its key any more.</summary>
    internal void RemoveKeyLocked(T named)
    {
        if (named.Key == ShmBits.IPC_PRIVATE) return;
        ref IpcObject? at = ref _keys[ChainOf(named.Key)];
        while (!ReferenceEquals(at, named)) at = ref at!.NextOfKey;
        at = named.NextOfKey;
        named.Key = ShmBits.IPC_PRIVATE;
    }

    internal void RemoveLocked(T removed)
    {
        RemoveKeyLocked(removed);
        removed.MarkRemoved();
        int slot = removed.Id % IpcLimits.MostObjects;
        Volatile.Write(ref _pieces[slot >> PieceBits]![slot & (PieceLength - 1)], null);
        Count--;
        while (HighestSlot > 0 && At(HighestSlot) is null) HighestSlot--;
    }

    /// <summary>The next one round a circle that has half as many more slots as there are objects, so that
    /// the table stays small and an id is not given out again at once.</summary>
    private int FindFreeLocked()
    {
        int end = Math.Clamp(Count + Count / 2, LeastCircle, IpcLimits.MostObjects);
        int slot = _lastSlot + 1;
        for (int i = 0; i <= end; i++, slot++)
        {
            if (slot >= end) slot = 0;
            if (At(slot) is null) return slot;
        }

        return slot; // not reached: there are fewer objects than slots
    }

    private void AddKeyLocked(T added)
    {
        if (added.Key == ShmBits.IPC_PRIVATE) return;
        ref IpcObject? chain = ref _keys[ChainOf(added.Key)];
        added.NextOfKey = chain;
        chain = added;
    }

    private static int ChainOf(int key) => (int)((uint)(key ^ (key >> 16) ^ (key >> 8)) % KeyChains);
}
