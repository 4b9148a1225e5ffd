using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>shmdt(2)</content>
public sealed partial class AddressSpace
{
    /// <summary>
    /// Unmaps the segment that was attached at this address. Parts of it may have been unmapped or replaced
    /// since, the first ones, too: what counts is where the first page was.
    /// </summary>
    /// <errors>EINVAL: none was.</errors>
    /// <source>shmdt(2)</source>
    public Errno Detach(UserAddress start)
    {
        if (start.PageOffset != 0) return Errno.EINVAL;

        VmaGarbage garbage = default;
        Errno error;
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            error = DetachLocked(start, ref garbage);
        }

        garbage.Release();
        return error;
    }

    private Errno DetachLocked(UserAddress start, ref VmaGarbage garbage)
    {
        Vma? vma = _mappings.Tree.FindAtOrAbove(start);
        while (vma is not null && !IsAttachedAt(vma, start)) vma = vma.Next;
        if (vma is null) return Errno.EINVAL;

        IAttachedMemory memory = (IAttachedMemory)vma.File!;
        UserAddress end = start + RoundUp(memory.LengthBytes);
        while (vma is not null && vma.End <= end)
        {
            Vma? next = vma.Next;

            // A whole mapping: nothing is split, so nothing can fail.
            if (ReferenceEquals(vma.File, memory) && IsAttachedAt(vma, start))
                _ = _mappings.Remove(vma.Start, vma.End, ref garbage);
            vma = next;
        }

        return Errno.None;
    }

    private static bool IsAttachedAt(Vma vma, UserAddress start) =>
        vma.File is IAttachedMemory && vma.Start >= start && vma.Start - start == (ulong)vma.FirstPage * PageBytes;
}
