using Cashew.Machine;

namespace Cashew.Memory;

/// <content>/proc/PID/smaps</content>
internal sealed partial class PageMap
{
    /// <summary>Adds up a range. A frame's holders are its mappings, and the cache or object that has it, if
    /// it is not anonymous; who looks at it for a moment counts as one more.</summary>
    internal void Measure(UserAddress start, UserAddress end, PageKind backing, ref PageUsage usage)
    {
        while (start < end)
        {
            ulong batchBytes = BatchEntries * (ulong)UserAddress.PageSizeBytes;
            UserAddress next = end - start > batchBytes ? start + batchBytes : end;
            using SpinLock<State>.Guard guard = _lock.Acquire();
            PageCursor cursor = Table.Pages(start, next);
            while (cursor.MoveNext()) Add(cursor.Entry, backing, ref usage);
            start = next;
        }
    }

    private static void Add(PageEntry entry, PageKind backing, ref PageUsage usage)
    {
        if (IsZero(entry.Frame)) return;
        PageKind kind = entry.HasMark ? PageKind.Anonymous : backing;
        // What lies only in memory would have to be written somewhere: as on Linux, where tmpfs is never
        // clean.
        bool isDirty = entry.IsDirty || kind != PageKind.File;
        usage.AddPage(kind, UserAddress.PageSizeBytes, HolderCount(entry, kind), isDirty);
        if (entry.IsBlock) usage.Huge += UserAddress.PageSizeBytes;
        if (entry.IsAccessed) usage.Referenced += UserAddress.PageSizeBytes;
    }

    private static int HolderCount(PageEntry entry, PageKind kind)
    {
        // A part of a large page is held once by that, and by who has split it.
        int references = entry.Frame.ReferenceCount + (entry.IsBlock ? entry.Block.ReferenceCount - 1 : 0);
        int holders = references - (kind == PageKind.Anonymous ? 0 : 1);
        return holders > 0 ? holders : 1;
    }
}
