using System;
using System.Threading;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>The cached children of one directory: a hash table that readers search without a lock.</summary>
/// <remarks>
/// Open addressing with linear probing. A slot goes from empty to a dentry to a tombstone to another dentry, so whoever
/// probes meanwhile may miss an entry that is being added or moved, and then asks again under the directory's lock; it never finds a
/// wrong one, because each hit is checked against the dentry's own place. Growth publishes a new array.
/// </remarks>
/// <locking>Writers hold the spin lock of the parent (<see cref="LockFor"/>), one of a few shared by all
/// directories: eviction must get at any table without the directory's sleeping lock.</locking>
internal sealed class DentryTable
{
    private const int InitialSlots = 8;
    private const int LockCount = 32;

    private static readonly SpinLock[] s_locks = CreateLocks();
    private static readonly Dentry s_tombstone = new(null, [], 0, null);

    private readonly Dentry?[] _slots;

    // Slots that are not empty, tombstones included: these lengthen the probes.
    private int _used;
    private int _live;

    private DentryTable(int slots)
    {
        _slots = new Dentry?[slots];
    }

    internal int LiveCount => _live;

    internal static SpinLock LockFor(Dentry parent) => s_locks[(int)(parent.Place.Hash % LockCount)];

    internal Dentry? Find(Dentry parent, ReadOnlySpan<byte> name, uint hash)
    {
        Dentry?[] slots = _slots;
        for (uint at = hash; ; at++)
        {
            Dentry? found = Volatile.Read(ref slots[(int)(at & (uint)(slots.Length - 1))]);
            if (found is null) return null;
            if (found.Place.Matches(parent, hash, name) && !found.IsDead) return found;
        }
    }

    /// <summary>Adds a child, for which there is no entry. May allocate, so takes the spin lock only around the change.</summary>
    internal static void Add(Dentry parent, Dentry child, uint hash)
    {
        DentryTable? spare = null;
        while (true)
        {
            using (LockFor(parent).Acquire())
            {
                DentryTable? table = parent.Children;
                if (table is not null && table.TryAdd(child, hash)) return;
                if (spare is not null && spare._slots.Length >= SlotsFor(table))
                {
                    table?.CopyTo(spare);
                    bool added = spare.TryAdd(child, hash);
                    System.Diagnostics.Debug.Assert(added);
                    parent.Children = spare;
                    return;
                }
            }

            // Between the two looks the table may have grown: then the loop notices, and asks for more.
            spare = new DentryTable(SlotsFor(parent.Children));
        }
    }

    internal static void Remove(Dentry parent, Dentry child, uint hash)
    {
        using SpinLock.Guard guard = LockFor(parent).Acquire();
        parent.Children?.RemoveLocked(child, hash);
    }

    private static int SlotsFor(DentryTable? table)
    {
        if (table is null) return InitialSlots;
        int slots = InitialSlots;
        while (slots < (table._live + 1) * 2) slots *= 2;
        return slots;
    }

    private bool TryAdd(Dentry child, uint hash)
    {
        // At most three quarters full, so that there is always an empty slot to end a probe.
        Dentry?[] slots = _slots;
        uint mask = (uint)(slots.Length - 1);
        for (uint at = hash; ; at++)
        {
            ref Dentry? slot = ref slots[(int)(at & mask)];
            bool isEmpty = slot is null;
            if (!isEmpty && !ReferenceEquals(slot, s_tombstone)) continue;
            if (isEmpty && (_used + 1) * 4 > slots.Length * 3) return false;

            if (isEmpty) _used++;
            _live++;
            Volatile.Write(ref slot, child);
            return true;
        }
    }

    private void RemoveLocked(Dentry child, uint hash)
    {
        uint mask = (uint)(_slots.Length - 1);
        for (uint at = hash; ; at++)
        {
            ref Dentry? slot = ref _slots[(int)(at & mask)];
            if (slot is null) return;
            if (!ReferenceEquals(slot, child)) continue;
            Volatile.Write(ref slot, s_tombstone);
            _live--;
            return;
        }
    }

    private void CopyTo(DentryTable target)
    {
        foreach (Dentry? entry in _slots)
        {
            if (entry is null || ReferenceEquals(entry, s_tombstone)) continue;
            bool added = target.TryAdd(entry, entry.Place.Hash);
            System.Diagnostics.Debug.Assert(added);
        }
    }

    private static SpinLock[] CreateLocks()
    {
        SpinLock[] locks = new SpinLock[LockCount];
        for (int i = 0; i < locks.Length; i++) locks[i] = new SpinLock(LockRank.DentryTable);
        return locks;
    }
}
