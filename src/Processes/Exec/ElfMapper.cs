using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Maps what an <see cref="ElfPlan"/> asks for.</summary>
internal readonly ref struct ElfMapper
{
    private readonly AddressSpace _space;
    private readonly OpenFile _file;
    private readonly ElfPlan _plan;
    private readonly MapFlags _flags;

    /// <param name="space">Where to.</param>
    /// <param name="file">The program.</param>
    /// <param name="plan">What its headers ask for.</param>
    /// <param name="credentials">Those that the program will have: they say how low it may lie.</param>
    internal ElfMapper(AddressSpace space, OpenFile file, ElfPlan plan, Credentials credentials)
    {
        _space = space;
        _file = file;
        _plan = plan;
        _flags = MapFlags.Fixed;
        if (credentials.Has(Capability.CAP_SYS_RAWIO)) _flags |= MapFlags.AllowLowest;
    }

    /// <summary>Maps all segments where the headers say.</summary>
    /// <errors>EPERM: an address too low. ENOMEM, and those of mapping a file.</errors>
    internal Errno MapFixed() => MapAt(0);

    /// <summary>Maps a position-independent program near an address.</summary>
    /// <param name="bias">What is to be added to the addresses of the headers.</param>
    internal Errno MapNear(ulong address, out ulong bias)
    {
        bias = unchecked(address - _plan.Low);
        if (address > UserAddress.LimitValue - _plan.LengthBytes) return Errno.ENOMEM;
        return MapAt(bias);
    }

    /// <summary>Maps an interpreter wherever there is room.</summary>
    internal Errno MapAnywhere(out ulong bias)
    {
        bias = 0;
        // The whole range at once, so that the segments keep their distances, with room to align it.
        ulong slackBytes = _plan.Alignment - UserAddress.PageSizeBytes;
        if (_plan.LengthBytes > UserAddress.LimitValue - slackBytes) return Errno.ENOMEM;
        MapRequest reservation = new()
        {
            LengthBytes = _plan.LengthBytes + slackBytes,
            Rights = PageRights.None,
            Flags = MapFlags.NoReserve,
        };
        if (!_space.TryMap(reservation, out UserAddress at, out Errno error)) return error;

        ulong first = at.Value + (_plan.Low - at.Value & _plan.Alignment - 1);
        bias = unchecked(first - _plan.Low);
        error = TrimReservation(at, new UserAddress(first), slackBytes);
        return error == Errno.None ? MapAt(bias) : error;
    }

    private Errno TrimReservation(UserAddress start, UserAddress first, ulong slackBytes)
    {
        ulong before = first - start;
        Errno error = before == 0 ? Errno.None : _space.Unmap(start, before);
        if (error != Errno.None || slackBytes == before) return error;
        return _space.Unmap(first + _plan.LengthBytes, slackBytes - before);
    }

    private Errno MapAt(ulong bias)
    {
        foreach (ref readonly ElfSegment segment in _plan.Segments)
        {
            Errno error = Map(segment, bias);
            if (error != Errno.None) return error;
        }

        return Errno.None;
    }

    private Errno Map(in ElfSegment segment, ulong bias)
    {
        UserAddress zeros = new(unchecked(segment.Start + bias));
        if (segment.HasFilePages)
        {
            Errno error = MapFile(segment, zeros);
            if (error != Errno.None) return error;
            error = ClearTail(segment, bias);
            if (error != Errno.None) return error;
            zeros = new UserAddress(unchecked(segment.FilePagesEnd + bias));
        }

        UserAddress end = new(unchecked(segment.PagesEnd + bias));
        if (zeros >= end) return Errno.None;
        MapRequest request = new()
        {
            Address = zeros,
            LengthBytes = end - zeros,
            Rights = segment.Rights,
            Flags = _flags,
        };
        _ = _space.TryMap(request, out _, out Errno mapError); // The address is the one asked for, or there is an error.
        return mapError;
    }

    private Errno MapFile(in ElfSegment segment, UserAddress at)
    {
        MapRequest request = new()
        {
            Address = at,
            LengthBytes = segment.FilePagesEnd - segment.Start,
            Rights = segment.Rights,
            Flags = _flags,
            File = _file,
            FirstPage = (long)(segment.FileOffset / UserAddress.PageSizeBytes),
        };
        _ = _space.TryMap(request, out _, out Errno error); // As above.
        return error;
    }

    /// <summary>The file goes on after the segment's part of it; a program that has zeros there must find
    /// them.
    /// </summary>
    /// <errors>EFAULT: the file has no such page. ENOMEM.</errors>
    private Errno ClearTail(in ElfSegment segment, ulong bias)
    {
        if (segment.End <= segment.FileEnd) return Errno.None;
        int lengthBytes = (int)(segment.FilePagesEnd - segment.FileEnd);
        if (lengthBytes == 0) return Errno.None;

        UserAddress at = new(unchecked(segment.FileEnd + bias));
        int cleared = Clear(at, lengthBytes);
        // A read-only segment cannot be cleared, and nobody expects it.
        bool isWritable = (segment.Rights & PageRights.Write) != 0;
        if (cleared == lengthBytes || !isWritable) return Errno.None;
        FaultResult reason = _space.HandleFault(at + (ulong)cleared, FaultAccess.Write);
        return reason is FaultResult.Handled or FaultResult.OutOfMemory ? Errno.ENOMEM : Errno.EFAULT;
    }

    private int Clear(UserAddress at, int lengthBytes)
    {
        const int ChunkBytes = 256;
        ReadOnlySpan<byte> zeros = stackalloc byte[ChunkBytes];
        int done = 0;
        while (done < lengthBytes)
        {
            int count = Math.Min(ChunkBytes, lengthBytes - done);
            int written = _space.CopyOut(at + (ulong)done, zeros[..count]);
            done += written;
            if (written != count) break;
        }

        return done;
    }
}
