using Cashew.Runtime;

namespace Cashew.Memory;

/// <summary>
/// Mappings that have left their space and still hold their files. The files are let go of when the space's
/// lock is free again: the last reference may delete a file, which takes locks that come before it.
/// </summary>
internal struct VmaGarbage
{
    private Vma? _first;

    /// <summary>Takes a mapping that is in no tree any more; its list link is free for this.</summary>
    internal void Add(Vma vma)
    {
        vma.Next = _first;
        _first = vma;
    }

    internal readonly void Release()
    {
        long count = 0;
        for (Vma? vma = _first; vma is not null; vma = vma.Next, count++) vma.File?.ReleaseMapping();
        if (count > 0) Collector.NoteDropped(count * AddressSpace.BytesPerMapping);
    }
}
