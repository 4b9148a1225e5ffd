using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Unlocks the robust futexes of a thread that ends while it holds them.</summary>
/// <source>set_robust_list(2), get_robust_list(2), futex(2) "Robust futexes".</source>
internal static class RobustFutexes
{
    /// <summary>The list is the program's: it may be circular, or changing.</summary>
    private const int MaxEntries = (int)FutexBits.ROBUST_LIST_LIMIT;

    /// <summary>The low bit of a pointer marks a priority-inheritance futex.</summary>
    private const ulong PointerMask = ~1UL;

    internal static void Release(UserThread thread)
    {
        UserAddress head = thread.RobustListHead;
        if (head.IsNull) return;
        thread.RobustListHead = default;
        if (!UserMemory.TryRead(head, out RobustListHead list)) return;

        UserAddress pending = Pointer(list.list_op_pending);
        ulong link = list.list;
        UserAddress entry = Pointer(link);
        for (int i = 0; i < MaxEntries && entry.Value != head.Value; i++)
        {
            // The next one is read first: once this is unlocked, its memory may be gone.
            if (!UserMemory.TryRead(entry, out ulong next)) return;
            if (entry.Value != pending.Value && !TryUnlock(thread, link, list.futex_offset)) return;
            link = next;
            entry = Pointer(next);
        }

        if (pending.IsNull || !TryUnlock(thread, list.list_op_pending, list.futex_offset)) return;
        WakeIfFreed(list.list_op_pending, list.futex_offset);
    }

    /// <summary>It was about to take or free this one. If it had freed it, it may not have come to wake
    /// somebody.
    /// </summary>
    private static void WakeIfFreed(ulong pending, long offset)
    {
        UserAddress futex = new(unchecked(Pointer(pending).Value + (ulong)offset));
        if (HasPriority(pending) || !UserMemory.TryReadAtomic(futex, out uint value)) return;
        if (value == 0) _ = FutexTable.Wake(FutexScope.Shared, futex, 1, FutexBits.FUTEX_BITSET_MATCH_ANY);
    }

    private static bool TryUnlock(UserThread thread, ulong link, long offset)
    {
        UserAddress futex = new(unchecked(Pointer(link).Value + (ulong)offset));
        if ((futex.Value & sizeof(uint) - 1) != 0 || !UserMemory.TryReadAtomic(futex, out uint value)) return false;
        while ((value & FutexBits.FUTEX_TID_MASK) == (uint)thread.Id)
        {
            uint released = value & FutexBits.FUTEX_WAITERS | FutexBits.FUTEX_OWNER_DIED;
            if (!UserMemory.TryCompareExchange(futex, value, released, out uint found)) return false;
            if (found == value)
            {
                // Those with priorities are handed over to whoever is first in line.
                if ((value & FutexBits.FUTEX_WAITERS) != 0 && !HasPriority(link))
                    _ = FutexTable.Wake(FutexScope.Shared, futex, 1, FutexBits.FUTEX_BITSET_MATCH_ANY);
                return true;
            }

            value = found;
        }

        return true;
    }

    private static bool HasPriority(ulong link) => (link & ~PointerMask) != 0;

    private static UserAddress Pointer(ulong value) => new(value & PointerMask);
}
