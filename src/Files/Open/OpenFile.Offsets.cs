using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <content>Reading and writing at the file's own offset and at others.</content>
public abstract partial class OpenFile
{
    // Made when the file is shared for the first time: most never are.
    private SleepLock? _offsetLock;

    /// <summary>The file's own offset, where the next read or write begins.</summary>
    public long Offset => Volatile.Read(ref _offset);

    /// <summary>read(2).</summary>
    /// <errors>EBADF: not open for reading. The rest as <see cref="ReadCore"/>.</errors>
    public IoResult Read(ref UserDestination destination)
    {
        if (!CanRead) return Errno.EBADF;
        if (!IsSeekable) return NoteRead(ReadCore(ref destination, 0));

        using OffsetGuard guard = LockOffset();
        IoResult result = ReadCore(ref destination, _offset);
        if (result.Value > 0) _offset += result.Count;
        return NoteRead(result);
    }

    /// <summary>pread(2).</summary>
    /// <errors>EINVAL: the offset is negative. ESPIPE: there are no offsets.</errors>
    public IoResult ReadAt(ref UserDestination destination, long offset)
    {
        if (offset < 0) return Errno.EINVAL;
        if (IsPathOnly) return Errno.EBADF;
        if (!IsSeekable) return Errno.ESPIPE;
        if (!CanRead) return Errno.EBADF;
        return offset > long.MaxValue - destination.RemainingBytes
            ? Errno.EINVAL
            : NoteRead(ReadCore(ref destination, offset));
    }

    /// <summary>write(2).</summary>
    public IoResult Write(ref UserSource source, long limitBytes = long.MaxValue)
    {
        if (!CanWrite) return Errno.EBADF;
        long offset = 0;
        if (!IsSeekable) return NoteWritten(WriteCore(ref source, ref offset, limitBytes));

        using OffsetGuard guard = LockOffset();
        offset = _offset;
        if (offset > long.MaxValue - source.RemainingBytes) return Errno.EINVAL;
        IoResult result = WriteCore(ref source, ref offset, limitBytes);
        if (result.Value > 0) _offset = offset + result.Count;
        return NoteWritten(result);
    }

    /// <summary>pwrite(2). A file opened with O_APPEND is appended to all the same, as the page's "BUGS"
    /// says.</summary>
    public IoResult WriteAt(ref UserSource source, long offset, long limitBytes = long.MaxValue)
    {
        if (offset < 0) return Errno.EINVAL;
        if (IsPathOnly) return Errno.EBADF;
        if (!IsSeekable) return Errno.ESPIPE;
        if (!CanWrite) return Errno.EBADF;
        return offset > long.MaxValue - source.RemainingBytes
            ? Errno.EINVAL
            : NoteWritten(WriteCore(ref source, ref offset, limitBytes));
    }

    /// <summary>pwritev2(2), RWF_APPEND: writes at the end.</summary>
    /// <param name="movesOffset">The file's own offset goes to where the write ends.</param>
    public IoResult WriteAtEnd(ref UserSource source, bool movesOffset, long limitBytes = long.MaxValue)
    {
        if (!CanWrite) return Errno.EBADF;
        long offset = 0;
        if (!IsSeekable || !movesOffset) return NoteWritten(AppendCore(ref source, ref offset, limitBytes));

        using OffsetGuard guard = LockOffset();
        IoResult result = AppendCore(ref source, ref offset, limitBytes);
        if (result.Value > 0) _offset = offset + result.Count;
        return NoteWritten(result);
    }

    /// <summary>lseek(2).</summary>
    /// <errors>ESPIPE. EINVAL: an unknown origin, or a place before the start. ENXIO: see
    /// <see cref="SeekContents"/>.
    /// </errors>
    public virtual IoResult Seek(long distance, int origin)
    {
        if (IsPathOnly) return Errno.EBADF;
        if (!IsSeekable) return Errno.ESPIPE;

        using OffsetGuard guard = LockOffset();
        long from;
        switch (origin)
        {
            case SeekWhence.SEEK_SET:
                from = 0;
                break;
            case SeekWhence.SEEK_CUR:
                from = _offset;
                break;
            case SeekWhence.SEEK_END:
                from = Inode.LengthBytes;
                break;
            case SeekWhence.SEEK_DATA:
            case SeekWhence.SEEK_HOLE:
                IoResult found = SeekContents(distance, toData: origin == SeekWhence.SEEK_DATA);
                if (!found.IsError) _offset = found.Count;
                return found;
            default:
                return Errno.EINVAL;
        }

        // Linux: past the end of the numbers is EOVERFLOW for some files and EINVAL for most.
        if (distance > 0 && from > long.MaxValue - distance) return Errno.EINVAL;
        if (from + distance < 0) return Errno.EINVAL;
        _offset = from + distance;
        return _offset;
    }

    /// <summary>For files that keep their own account of the offset, as directories do.
    /// <see cref="LockOffset"/> is held.
    /// </summary>
    protected void SetOffsetLocked(long offset) => _offset = offset;

    /// <summary>Keeps the offset to ourselves while it is used. A file that only we refer to needs no lock:
    /// nobody else can get at it before we are done.</summary>
    /// <source>write(2), BUGS: since Linux 3.14, reads and writes that share an offset do not
    /// overlap.</source>
    protected OffsetGuard LockOffset() => IsUnshared ? default : new OffsetGuard(GetOffsetLock());

    private IoResult NoteRead(IoResult result)
    {
        if (FileWatches.AreThere && result.Value > 0) FileWatches.Report(this, InotifyBits.IN_ACCESS);
        return result;
    }

    private IoResult NoteWritten(IoResult result)
    {
        if (FileWatches.AreThere && result.Value > 0) FileWatches.Report(this, InotifyBits.IN_MODIFY);
        return result;
    }

    private SleepLock GetOffsetLock()
    {
        SleepLock? existing = Volatile.Read(ref _offsetLock);
        if (existing is not null) return existing;
        SleepLock created = new(LockRank.FileOffset);
        return Interlocked.CompareExchange(ref _offsetLock, created, null) ?? created;
    }

    /// <summary>Holds the offset's lock if one was needed.</summary>
    protected ref struct OffsetGuard : IDisposable
    {
        private SleepLock.Guard _guard;
        private readonly bool _isHeld;

        internal OffsetGuard(SleepLock offsetLock)
        {
            _guard = offsetLock.Acquire();
            _isHeld = true;
        }

        public void Dispose()
        {
            if (_isHeld) _guard.Dispose();
        }
    }
}
