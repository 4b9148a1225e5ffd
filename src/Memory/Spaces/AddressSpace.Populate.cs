using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>Bringing in pages ahead of use, and reaching into a space that is not the current one</content>
public sealed partial class AddressSpace
{
    // Pages looked up at once to skip those that are present.
    private const int PopulateBatch = 64;

    /// <summary>Writes to the space as its own program could: pages come in, copies are made.</summary>
    /// <returns>Bytes moved; fewer when an address is bad.</returns>
    /// <locking>As <see cref="HandleFault"/>.</locking>
    public int CopyOut(UserAddress destination, ReadOnlySpan<byte> source)
    {
        int done = 0;
        while (done < source.Length)
        {
            if (!TryPin(destination, (ulong)done, FaultAccess.Write, out Frame frame, out int offset)) break;

            int chunk = Math.Min(source.Length - done, (int)PageBytes - offset);
            source.Slice(done, chunk).CopyTo(frame.Bytes[offset..]);
            frame.Release();
            done += chunk;
        }

        return done;
    }

    /// <summary>Reads from the space as its own program could.</summary>
    /// <returns>Bytes moved; fewer when an address is bad.</returns>
    /// <locking>As <see cref="HandleFault"/>.</locking>
    public int CopyIn(Span<byte> destination, UserAddress source)
    {
        int done = 0;
        while (done < destination.Length)
        {
            if (!TryPin(source, (ulong)done, FaultAccess.Read, out Frame frame, out int offset)) break;

            int chunk = Math.Min(destination.Length - done, (int)PageBytes - offset);
            frame.Bytes.Slice(offset, chunk).CopyTo(destination[done..]);
            frame.Release();
            done += chunk;
        }

        return done;
    }

    private bool TryPin(UserAddress start, ulong skippedBytes, FaultAccess access, out Frame frame, out int offset)
    {
        frame = default;
        offset = 0;
        if (start.Value >= UserAddress.LimitValue || skippedBytes >= UserAddress.LimitValue - start.Value) return false;

        UserAddress at = start + skippedBytes;
        offset = at.PageOffset;
        PageRights needed = access == FaultAccess.Write ? PageRights.Write : PageRights.Read;
        while (!_pages.TryPin(at.PageDown, needed, out frame))
        {
            if (HandleFault(at, access) != FaultResult.Handled) return false;
        }

        return true;
    }

    /// <summary>Brings in the pages of a range, mapping by mapping.</summary>
    /// <errors>
    /// ENOMEM: a part is not mapped, or there is no frame. EFAULT: a page cannot be read from its file.
    /// EINVAL: a mapping does not allow the access asked for. EINTR: the thread is to end.
    /// </errors>
    /// <locking>As <see cref="HandleFault"/>.</locking>
    private Errno Populate(UserAddress start, UserAddress end, PopulateAccess access)
    {
        UserAddress at = start;
        while (at < end)
        {
            if (!TryGetNext(at, out VmaInfo info) || info.Start >= end) return Errno.ENOMEM;
            if (info.Start > at && access != PopulateAccess.AsMapped) return Errno.ENOMEM;

            UserAddress from = info.Start > at ? info.Start : at;
            UserAddress to = info.End < end ? info.End : end;
            Errno error = PopulateMapping(in info, from, to, access);
            if (error != Errno.None) return error;
            at = to;
        }

        return Errno.None;
    }

    private Errno PopulateMapping(in VmaInfo info, UserAddress start, UserAddress end, PopulateAccess access)
    {
        if (access == PopulateAccess.AsMapped && info.Rights == PageRights.None) return Errno.None;

        bool isWrite = access == PopulateAccess.Write
            || (access == PopulateAccess.AsMapped && !info.IsShared && (info.Rights & PageRights.Write) != 0);
        FaultAccess fault = isWrite ? FaultAccess.Write : FaultAccess.Read;
        Span<byte> present = stackalloc byte[PopulateBatch];
        for (UserAddress at = start; at < end;)
        {
            ulong left = (end - at) / PageBytes;
            Span<byte> batch = present[..(int)Math.Min(left, (ulong)PopulateBatch)];
            batch.Clear();
            _pages.FindPresent(at, batch, isWrite ? PageRights.Write : PageRights.Read);
            for (int i = 0; i < batch.Length; i++)
            {
                if (batch[i] != 0) continue;
                Errno error = ErrorOf(HandleFault(at + (ulong)i * PageBytes, fault));
                if (error != Errno.None) return error;
            }

            at += (ulong)batch.Length * PageBytes;
            if (Thread.Current.IsKillRequested) return Errno.EINTR;
            Scheduler.RescheduleIfWanted();
        }

        return Errno.None;
    }

    private static Errno ErrorOf(FaultResult result) => result switch
    {
        FaultResult.Handled => Errno.None,
        FaultResult.BadAddress => Errno.ENOMEM,
        FaultResult.BadAccess => Errno.EINVAL,
        FaultResult.BusError => Errno.EFAULT,
        _ => Errno.ENOMEM,
    };
}
