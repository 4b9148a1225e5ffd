using System;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>Access to a space as a debugger has it, past the rights of its mappings</content>
public sealed partial class AddressSpace
{
    /// <summary>
    /// Reads from the space whatever is mapped, even where the program may not read. What the program itself
    /// may do is <see cref="CopyIn"/>.
    /// </summary>
    /// <returns>Bytes moved; fewer when nothing is mapped, or a page cannot be read from its file.</returns>
    /// <locking>No lock held. May sleep.</locking>
    /// <source>ptrace(2), PTRACE_PEEKDATA; proc_pid_mem(5).</source>
    public int CopyInForced(Span<byte> destination, UserAddress source)
    {
        int done = 0;
        while (done < destination.Length)
        {
            UserAddress at = source + (ulong)done;
            if (!TryPinForced(at, FaultAccess.Read, out Frame frame)) break;

            int offset = at.PageOffset;
            int chunk = Math.Min(destination.Length - done, (int)PageBytes - offset);
            frame.Bytes.Slice(offset, chunk).CopyTo(destination[done..]);
            frame.Release();
            done += chunk;
        }

        return done;
    }

    /// <summary>
    /// Writes to the space, to private mappings even where the program may not write: it gets copies of its
    /// own, so that neither the file nor another program sees it. So a break-point gets into a program's
    /// text.
    /// </summary>
    /// <returns>Bytes moved; fewer at an address that is not mapped, or shared and read-only.</returns>
    /// <locking>No lock held. May sleep.</locking>
    /// <source>ptrace(2), PTRACE_POKEDATA; proc_pid_mem(5).</source>
    public int CopyOutForced(UserAddress destination, ReadOnlySpan<byte> source)
    {
        int done = 0;
        while (done < source.Length)
        {
            UserAddress at = destination + (ulong)done;
            if (!TryPinForced(at, FaultAccess.Write, out Frame frame)) break;

            int offset = at.PageOffset;
            int chunk = Math.Min(source.Length - done, (int)PageBytes - offset);
            source.Slice(done, chunk).CopyTo(frame.Bytes[offset..]);
            frame.Release();
            done += chunk;
        }

        return done;
    }

    private bool TryPinForced(UserAddress at, FaultAccess access, out Frame frame)
    {
        frame = default;
        if (at.Value >= UserAddress.LimitValue) return false;

        while (true)
        {
            FaultResult result = ForcePage(at.PageDown, access, out frame);
            if (result == FaultResult.Handled) return true;
            if (result != FaultResult.OutOfMemory || !MemoryPressure.TryRelieve()) return false;
        }
    }

    /// <summary>Brings the page in as a fault would, with the mapping's rights, but without asking for
    /// them.</summary>
    private FaultResult ForcePage(UserAddress page, FaultAccess access, out Frame frame)
    {
        frame = default;
        using SleepLock.Guard guard = _changes.Acquire();
        while (true)
        {
            _ = _mappings.Tree.TryBeginRead(out uint version);
            Vma? vma = _mappings.Tree.FindForFault(page);
            if (vma is null) return FaultResult.BadAddress;
            if (page < vma.Start)
            {
                if (!vma.GrowsDown || !TryGrowStack(page)) return FaultResult.BadAddress;
                continue;
            }

            Step step = ResolveForced(vma, page, access, version, out FaultResult result);
            if (step != Step.Done) continue;
            if (result != FaultResult.Handled) return result;

            bool mayPin = access == FaultAccess.Write && (vma.Rights & PageRights.Write) == 0
                ? _pages.TryPinOwn(page, out frame)
                : _pages.TryPin(page, PageRights.None, out frame);
            if (mayPin) return FaultResult.Handled;
        }
    }

    private Step ResolveForced(
        Vma vma, UserAddress page, FaultAccess access, uint version, out FaultResult result)
    {
        FaultView view = new(vma);
        FaultTicket ticket = new(_mappings.Tree, version, view.Source);
        if (access != FaultAccess.Write) return Read(in view, page, access, in ticket, out result);
        if (!view.IsShared) return WritePrivate(in view, page, access, in ticket, out result);

        result = FaultResult.BadAccess;
        return view.Allows(access) ? WriteShared(in view, page, in ticket, out result) : Step.Done;
    }
}
