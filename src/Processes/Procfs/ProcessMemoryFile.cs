using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>
/// The memory that a process had when the file was opened. It does not keep that memory: once the process has
/// left it, by its end or by an exec, there is nothing to read any more. </summary>
/// <source>proc_pid_mem(5).</source>
internal sealed class ProcessMemoryFile(Inode inode, in OpenRequest request, AddressSpace? memory)
    : OpenFile(inode, request.Location, request.Flags)
{
    private const int PieceBytes = UserAddress.PageSizeBytes;

    private readonly AddressSpace? _memory = memory;

    public override bool IsSeekable => true;

    /// <summary>An offset is an address, so it may be beyond what others have.</summary>
    /// <errors>EINVAL: from the end.</errors>
    public override IoResult Seek(long distance, int origin)
    {
        if (origin is not (SeekWhence.SEEK_SET or SeekWhence.SEEK_CUR)) return Errno.EINVAL;
        using OffsetGuard guard = LockOffset();
        long offset = origin == SeekWhence.SEEK_SET ? distance : unchecked(Offset + distance);
        SetOffsetLocked(offset);
        return new IoResult((nint)offset);
    }

    /// <errors>EIO: nothing is mapped there. EFAULT.</errors>
    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        if (_memory is null || !_memory.TryRetain()) return 0;
        int total = 0;
        Errno error = Errno.None;
        byte[] piece = new byte[int.Min(PieceBytes, destination.RemainingBytes)];
        while (destination.RemainingBytes > 0 && error == Errno.None)
        {
            Span<byte> wanted = piece.AsSpan(0, int.Min(piece.Length, destination.RemainingBytes));
            int read = _memory.CopyInForced(wanted, new UserAddress((ulong)(offset + total)));
            if (read < wanted.Length) error = Errno.EIO;
            total += destination.Write(wanted[..read]);
            if (destination.HasFaulted) error = Errno.EFAULT;
        }

        _memory.Release();
        return total > 0 || error == Errno.None ? total : error;
    }

    /// <errors>EIO: nothing is mapped there, or it is shared and read-only. EFAULT.</errors>
    protected override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
    {
        if (_memory is null || !_memory.TryRetain()) return 0;
        int total = 0;
        Errno error = Errno.None;
        byte[] piece = new byte[int.Min(PieceBytes, source.RemainingBytes)];
        while (source.RemainingBytes > 0 && error == Errno.None)
        {
            int given = source.Read(piece);
            if (source.HasFaulted) error = Errno.EFAULT;
            UserAddress at = new((ulong)(offset + total));
            int written = _memory.CopyOutForced(at, piece.AsSpan(0, given));
            if (written < given) error = Errno.EIO;
            total += written;
        }

        _memory.Release();
        return total > 0 || error == Errno.None ? total : error;
    }
}
