using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>remap_file_pages(2)</content>
public sealed partial class AddressSpace
{
    /// <summary>Maps other pages of the file that a range shows, with the rights it has.</summary>
    /// <errors>EINVAL: no length, a range that wraps, or not all of it a shared mapping of one file with one
    /// set of rights.
    /// Those of <see cref="TryMap"/>.</errors>
    /// <source>remap_file_pages(2)</source>
    public Errno RemapFilePages(UserAddress start, ulong lengthBytes, ulong firstPage)
    {
        const ulong HighestPage = ulong.MaxValue / PageBytes;
        if (start.Value > ulong.MaxValue - lengthBytes || lengthBytes == 0) return Errno.EINVAL;
        if (firstPage > HighestPage - lengthBytes / PageBytes || !IsUserRange(start, lengthBytes)) return Errno.EINVAL;
        if (!TryTakeShared(start, start + lengthBytes, out IMappedFile? file, out PageRights rights)) return Errno.EINVAL;

        MapRequest request = new()
        {
            Address = start,
            LengthBytes = lengthBytes,
            Rights = rights,
            Flags = MapFlags.Shared | MapFlags.Fixed | MapFlags.Populate,
            File = file,
            FirstPage = (long)firstPage,
        };
        _ = TryMap(in request, out _, out Errno error); // The error tells.
        file!.ReleaseMapping();
        return error;
    }

    private bool TryTakeShared(UserAddress start, UserAddress end, out IMappedFile? file, out PageRights rights)
    {
        file = null;
        rights = PageRights.None;
        using SleepLock.Guard guard = _changes.Acquire();
        Vma? first = _mappings.Tree.FindAtOrAbove(start);
        if (first is null || !first.Contains(start) || !first.IsShared || first.File is null) return false;
        for (Vma vma = first; vma.End < end; vma = vma.Next!)
        {
            bool goesOn = vma.Next is not null && vma.Next.Start == vma.End && vma.Next.Flags == first.Flags
                && vma.Next.Rights == first.Rights && ReferenceEquals(vma.Next.File, first.File);
            if (!goesOn) return false;
        }

        file = first.File;
        file.RetainMapping();
        rights = first.Rights;
        return true;
    }
}
