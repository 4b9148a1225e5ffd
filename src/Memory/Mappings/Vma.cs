using System.Diagnostics.CodeAnalysis;
using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>
/// One mapping ("virtual memory area"): a range of user pages with the same rights and the same backing. It
/// is its own node of <see cref="VmaTree"/> and of the list of mappings of its <see cref="PageSource"/>.
/// </summary>
/// <locking>
/// Written only by the holder of the space's change lock, between <see cref="VmaTree.BeginChange"/> and its
/// end; start, end and first page of a mapping with a source under the source's list lock, too, because
/// truncate reads them there. Read without a lock by page faults, which check the tree's version afterwards.
/// </locking>
internal sealed class Vma
{
    internal UserAddress Start;
    internal UserAddress End;

    /// <summary>What the program may do now, and the most that mprotect may grant it.</summary>
    internal PageRights Rights;
    internal PageRights MaximumRights;
    internal VmaFlags Flags;

    /// <summary>Where pages come from; null: anonymous private memory.</summary>
    internal PageSource? Source;

    /// <summary>The open file or shared memory object that this mapping holds a reference to.</summary>
    internal IMappedFile? File;

    /// <summary>The page of the source that lies at <see cref="Start"/>.</summary>
    internal long FirstPage;

    /// <summary>The pages of the space it belongs to; truncate reaches them from the source's list.</summary>
    internal readonly PageMap Pages;

    // Links of VmaTree: an AVL tree ordered by address, threaded into a list.
    internal Vma? Left;
    internal Vma? Right;
    internal Vma? Next;
    internal Vma? Previous;
    internal int Height;
    internal ulong LargestGap;

    // Links of the source's list of mappings.
    internal Vma? NextOfSource;
    internal Vma? PreviousOfSource;

    private Vma(PageMap pages) => Pages = pages;

    internal ulong LengthBytes => End - Start;

    internal long PageCount => (long)(LengthBytes / UserAddress.PageSizeBytes);

    internal bool IsShared => (Flags & VmaFlags.Shared) != 0;

    internal bool GrowsDown => (Flags & VmaFlags.GrowsDown) != 0;

    internal bool IsAccounted => (Flags & VmaFlags.Accounted) != 0;

    internal bool IsLocked => (Flags & VmaFlags.Locked) != 0;

    /// <summary>How pages that were not copied for this mapping alone are counted.</summary>
    internal PageKind Backing =>
        Source is null ? PageKind.Anonymous : Source.IsSharedMemory ? PageKind.SharedMemory : PageKind.File;

    /// <summary>
    /// Where the room that it needs begins: below a mapping that grows down, nothing may be placed too close,
    /// or running over the stack's end would silently reach the neighbor.
    /// </summary>
    internal ulong StartWithGuard
    {
        get
        {
            if (!GrowsDown) return Start.Value;
            return Start.Value > Placement.StackGuardBytes ? Start.Value - Placement.StackGuardBytes : 0;
        }
    }

    /// <errors>False: the kernel is short of memory (ENOMEM).</errors>
    internal static bool TryCreate(PageMap pages, [NotNullWhen(true)] out Vma? vma)
    {
        vma = KernelObjects.MayCreate() ? new Vma(pages) : null;
        return vma is not null;
    }

    internal long PageAt(UserAddress at) => FirstPage + (long)((at - Start) / UserAddress.PageSizeBytes);

    internal bool Contains(UserAddress at) => Start <= at && at < End;

    /// <summary>Makes this one describe a part of another mapping. The file reference is the caller's
    /// business.</summary>
    internal void CopyFrom(Vma other, UserAddress start, UserAddress end)
    {
        Start = start;
        End = end;
        Rights = other.Rights;
        MaximumRights = other.MaximumRights;
        Flags = other.Flags;
        Source = other.Source;
        File = other.File;
        FirstPage = other.Source is null ? 0 : other.PageAt(start);
    }

    /// <summary>Whether <paramref name="next"/> continues this mapping so that one could describe
    /// both.</summary>
    internal bool CanAbsorb(Vma next)
    {
        const VmaFlags NeverMerged = VmaFlags.Special | VmaFlags.GrowsDown;

        return End == next.Start
            && Rights == next.Rights
            && MaximumRights == next.MaximumRights
            && Flags == next.Flags
            && (Flags & NeverMerged) == 0
            && ReferenceEquals(Source, next.Source)
            && ReferenceEquals(File, next.File)
            && (Source is null || PageAt(End) == next.FirstPage);
    }
}
