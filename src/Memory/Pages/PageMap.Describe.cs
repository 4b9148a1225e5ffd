using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Memory;

/// <content>/proc/PID/pagemap and clear_refs</content>
internal sealed partial class PageMap
{
    /// <summary>Says of each page of a part of a mapping what <see cref="PagemapBits"/> have; what is not
    /// there stays as it is.</summary>
    /// <param name="backing">What the pages are that belong to no process alone.</param>
    internal void Describe(UserAddress start, Span<ulong> pages, PageKind backing)
    {
        for (int first = 0; first < pages.Length; first += BatchEntries)
        {
            UserAddress from = start + (ulong)first * UserAddress.PageSizeBytes;
            int count = Math.Min(pages.Length - first, BatchEntries);
            using SpinLock<State>.Guard guard = _lock.Acquire();
            PageCursor cursor = Table.Pages(from, from + (ulong)count * UserAddress.PageSizeBytes);
            while (cursor.MoveNext())
            {
                int index = first + (int)((cursor.Address - from) / UserAddress.PageSizeBytes);
                pages[index] = Description(cursor.Entry, backing);
            }
        }
    }

    /// <summary>Forgets which pages of a range were accessed.</summary>
    internal void ClearAccessed(UserAddress start, UserAddress end)
    {
        UserAddress at = start;
        while (at < end)
        {
            ulong batchBytes = BatchEntries * (ulong)UserAddress.PageSizeBytes;
            UserAddress next = end - at > batchBytes ? at + batchBytes : end;
            using SpinLock<State>.Guard guard = _lock.Acquire();
            PageCursor cursor = Table.Pages(at, next);
            while (cursor.MoveNext()) cursor.ClearAccessed();
            at = next;
        }

        // Or the processor would not note the next access.
        Table.Flush(start, end);
    }

    /// <summary>What is resident now is the peak so far.</summary>
    internal void ForgetPeak()
    {
        using SpinLock<State>.Guard guard = _lock.Acquire();
        guard.State.ForgetPeak();
    }

    private static ulong Description(PageEntry entry, PageKind backing)
    {
        ulong bits = PagemapBits.PM_PRESENT | entry.Frame.Number;
        // The page of zeros is nobody's.
        if (IsZero(entry.Frame)) return bits;
        PageKind kind = entry.HasMark ? PageKind.Anonymous : backing;
        if (kind != PageKind.Anonymous) bits |= PagemapBits.PM_FILE;
        return HolderCount(entry, kind) == 1 ? bits | PagemapBits.PM_MMAP_EXCLUSIVE : bits;
    }
}
