using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files;

/// <summary>An open regular file whose contents are in a page cache.</summary>
public sealed class RegularFile(PagedInode inode, in OpenRequest request)
    : OpenFile(inode, request.Location, request.Flags)
{
    private readonly PagedInode _inode = inode;

    public override bool IsSeekable => true;

    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        IoResult result = _inode.Contents.Read(offset, ref destination);
        if ((StatusFlags & OpenBits.O_NOATIME) == 0) Location.Mount.TouchAccessed(_inode);
        return result;
    }

    public override bool TryLendPage(long offset, out Frame frame, out Span<byte> bytes)
    {
        Span<Frame> one = stackalloc Frame[1];
        long rest = _inode.LengthBytes - offset;
        bytes = default;
        frame = default;
        if (!CanRead || rest <= 0 || _inode.Contents.GetCachedPages(offset / Frame.SizeBytes, one) == 0) return false;
        frame = one[0];
        bytes = frame.Bytes[(int)(offset % Frame.SizeBytes)..];
        if (rest < bytes.Length) bytes = bytes[..(int)rest];
        NoteCopied();
        return true;
    }

    /// <summary>Writes what another file has in memory at an offset, without a buffer between.</summary>
    /// <param name="source">May be of the same file, if the ranges do not overlap.</param>
    /// <param name="from">Where in the source.</param>
    /// <param name="to">Where in this file, which is not open for appending.</param>
    /// <param name="lengthBytes">At most so many.</param>
    /// <param name="limitBytes">RLIMIT_FSIZE.</param>
    /// <returns>Bytes copied; 0: read and write instead.</returns>
    /// <errors>EFBIG. ENOSPC. ENOMEM. EPERM: a seal.</errors>
    public IoResult CopyCached(RegularFile source, long from, long to, long lengthBytes, long limitBytes)
    {
        if (!CanWrite || !source.CanRead || IsAppending) return 0;
        if (to >= limitBytes) return Errno.EFBIG;
        long count = long.Min(lengthBytes, limitBytes - to);
        IoResult result = _inode.Contents.CopyCached(source._inode.Contents, from, to, count);
        if (result.Value <= 0) return result;

        source.NoteCopied();
        NoteWrite();
        if (FileWatches.AreThere) FileWatches.Report(this, InotifyBits.IN_MODIFY);
        return result;
    }

    protected override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
    {
        if (IsAppending) return AppendCore(ref source, ref offset, limitBytes);
        if (source.RemainingBytes == 0) return 0;
        if (!TryLimit(ref source, offset, limitBytes)) return Errno.EFBIG;
        IoResult result = _inode.Contents.Write(offset, ref source);
        if (result.Value > 0) NoteWrite();
        return result;
    }

    protected override IoResult AppendCore(ref UserSource source, ref long offset, long limitBytes)
    {
        if (source.RemainingBytes == 0) return 0;
        if (!TryLimit(ref source, _inode.LengthBytes, limitBytes)) return Errno.EFBIG;
        IoResult result = _inode.Contents.Append(ref source, out offset);
        if (result.Value > 0) NoteWrite();
        return result;
    }

    private static bool TryLimit(ref UserSource source, long offset, long limitBytes)
    {
        if (offset >= limitBytes) return false;
        if (limitBytes - offset < source.RemainingBytes) source.Truncate((int)(limitBytes - offset));
        return true;
    }

    protected override IoResult SeekContents(long offset, bool toData) => _inode.SeekContents(offset, toData);

    public override bool TryOpenMapping(bool isShared, out PageSource? source, out Errno error)
    {
        // Linux: to map is to access; what is read through the mapping nobody hears of.
        if ((StatusFlags & OpenBits.O_NOATIME) == 0) Location.Mount.TouchAccessed(_inode);
        source = _inode.Contents;
        error = Errno.None;
        return true;
    }

    /// <source>fallocate(2), including the order of checks.</source>
    public override Errno Allocate(int mode, long offset, long lengthBytes, long limitBytes)
    {
        if (offset < 0 || lengthBytes <= 0) return Errno.EINVAL;
        if (!CanWrite) return Errno.EBADF;
        if (offset > long.MaxValue - lengthBytes) return Errno.EFBIG;
        Errno error = _inode.Allocate(mode, offset, lengthBytes, limitBytes);
        if (error != Errno.None) return error;
        NoteWrite();
        if (FileWatches.AreThere) FileWatches.Report(this, InotifyBits.IN_MODIFY);
        return Errno.None;
    }

    public override Errno Synchronize() => _inode.Filesystem.Synchronize();

    public override IoResult Control(uint command, ulong argument)
    {
        if (command != IoctlNumbers.FIONREAD) return Errno.ENOTTY;
        long rest = Math.Max(0, _inode.LengthBytes - Offset);
        int count = (int)Math.Min(rest, int.MaxValue);
        return UserMemory.TryWrite(new UserAddress(argument), count) ? 0 : Errno.EFAULT;
    }

    private void NoteCopied()
    {
        if ((StatusFlags & OpenBits.O_NOATIME) == 0) Location.Mount.TouchAccessed(_inode);
        if (FileWatches.AreThere) FileWatches.Report(this, InotifyBits.IN_ACCESS);
    }

    private void NoteWrite()
    {
        _inode.TouchModified();
        _inode.DropPrivilegeBits();
    }
}
