using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Where the pages are of the memory that a process had when the file was opened. As /proc/PID/mem,
/// it does not keep that memory.</summary>
/// <source>proc_pid_pagemap(5).</source>
/// <deviation>Bit 55, soft-dirty, is not kept track of, as on a Linux without CONFIG_MEM_SOFT_DIRTY. Nothing
/// is swapped, and of a huge page each part is told.</deviation>
internal sealed class PagemapFile(Inode inode, in OpenRequest request, AddressSpace? memory)
    : OpenFile(inode, request.Location, request.Flags)
{
    private const int EntryBytes = sizeof(ulong);
    private const int PieceEntries = 512;
    private const long PageCount = (long)(UserAddress.LimitValue / UserAddress.PageSizeBytes);

    private readonly AddressSpace? _memory = memory;

    // Where things are in memory helps who wants to flip bits of others.
    private readonly bool _showsFrames = request.Caller.Credentials.Has(Capability.CAP_SYS_ADMIN);

    public override bool IsSeekable => true;

    /// <errors>EINVAL: from the end.</errors>
    public override IoResult Seek(long distance, int origin)
    {
        if (origin is not (SeekWhence.SEEK_SET or SeekWhence.SEEK_CUR)) return Errno.EINVAL;
        using OffsetGuard guard = LockOffset();
        long offset = origin == SeekWhence.SEEK_SET ? distance : unchecked(Offset + distance);
        SetOffsetLocked(offset);
        return new IoResult((nint)offset);
    }

    /// <errors>EINVAL: not whole entries. EFAULT.</errors>
    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        if (_memory is null || !_memory.TryRetain()) return 0;
        IoResult result = Read(_memory, ref destination, offset);
        _memory.Release();
        return result;
    }

    private IoResult Read(AddressSpace memory, ref UserDestination destination, long offset)
    {
        if (offset % EntryBytes != 0 || destination.RemainingBytes % EntryBytes != 0) return Errno.EINVAL;
        long page = (long)((ulong)offset / EntryBytes);
        int total = 0;
        ulong[] piece = new ulong[PieceEntries];
        while (destination.RemainingBytes > 0 && page < PageCount)
        {
            int count = (int)Math.Min(Math.Min(destination.RemainingBytes / EntryBytes, PieceEntries), PageCount - page);
            Span<ulong> entries = piece.AsSpan(0, count);
            memory.DescribePages(new UserAddress((ulong)page * UserAddress.PageSizeBytes), entries);
            if (!_showsFrames) HideFrames(entries);
            total += destination.Write(MemoryMarshal.AsBytes(entries));
            if (destination.HasFaulted) return total > 0 ? total : Errno.EFAULT;
            page += count;
        }

        return total;
    }

    private static void HideFrames(Span<ulong> entries)
    {
        foreach (ref ulong entry in entries) entry &= ~PagemapBits.PM_PFRAME_MASK;
    }
}
