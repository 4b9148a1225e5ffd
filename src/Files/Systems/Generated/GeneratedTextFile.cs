using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <summary>A generated file that is open. The text is produced piece by piece as it is read, and from the
/// start again whenever somebody reads at its start: a program that keeps the file open sees fresh figures
/// after each lseek(2) to zero.</summary>
/// <locking>The piece at hand: a sleeping lock, since two threads may call pread(2). It is held while the
/// contents are asked and while user memory is copied.</locking>
internal sealed class GeneratedTextFile : OpenFile
{
    /// <summary>Longer values there are none; Linux takes a page, too, its last byte excepted.</summary>
    private const int MaxStoreBytes = UserAddress.PageSizeBytes - 1;

    private readonly FileContents _contents;
    private readonly FileCaller _opener;
    private readonly SleepLock _lock = new(LockRank.GeneratedText);
    private readonly ByteBuilder _piece = new();

    // Where the piece at hand lies in the text.
    private long _pieceStart;
    private TextCursor _cursor;
    private long _seenVersion;
    private bool _isUnread;
    private readonly bool _hasReadiness;

    internal GeneratedTextFile(GeneratedFile inode, in OpenRequest request, FileContents contents)
        : base(inode, request.Location, request.Flags)
    {
        _contents = contents;
        _opener = request.Caller;
        _seenVersion = contents.Version;
        _hasReadiness = inode.HasReadiness || contents.Changes is not null;
        Restart();
        _isUnread = inode.TellsUnread;
    }

    public override bool IsSeekable => true;

    public override bool HasReadiness => _hasReadiness;

    /// <summary>A text that changes is always ready, and exceptional when it has changed since it was
    /// read.</summary>
    /// <source>cgroups(7), "Cgroups v2 release notification"; proc_pid_mounts(5).</source>
    public override uint Poll(PollTable? table)
    {
        const uint changed = PollBits.POLLPRI | PollBits.POLLERR;
        if (_contents.Changes is not { } changes) return base.Poll(table) | (_isUnread ? changed : 0);
        table?.Add(changes, changed);
        long version = _contents.Version;
        bool isNew = _isUnread || version != _seenVersion;
        if (_contents.IsSeenByPolling) _seenVersion = version;
        return base.Poll(table) | (isNew ? changed : 0);
    }

    /// <errors>EINVAL: from the end, which nobody knows.</errors>
    public override IoResult Seek(long distance, int origin)
        => origin is SeekWhence.SEEK_SET or SeekWhence.SEEK_CUR ? base.Seek(distance, origin) : Errno.EINVAL;

    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (offset == 0 || offset < _pieceStart) Restart();
        int total = 0;
        while (destination.RemainingBytes > 0)
        {
            Errno error = AdvanceTo(offset);
            if (error != Errno.None) return total > 0 ? total : error;
            ReadOnlySpan<byte> rest = RestAt(offset);
            if (rest.IsEmpty) break;

            int moved = destination.Write(rest);
            total += moved;
            offset += moved;
            if (destination.HasFaulted) return total > 0 ? total : Errno.EFAULT;
        }

        return total;
    }

    protected override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
    {
        int length = source.RemainingBytes;
        if (length > MaxStoreBytes) return Errno.EINVAL;
        byte[] text = new byte[length];
        if (source.Read(text) < length) return Errno.EFAULT;

        Errno error = _contents.Store(_opener, text);
        return error == Errno.None ? length : error;
    }

    private void Restart()
    {
        _piece.Clear();
        _pieceStart = 0;
        if (!_contents.IsSeenByPolling) _seenVersion = _contents.Version;
        _isUnread = false;
        _cursor = new TextCursor { Opener = _opener };
    }

    /// <summary>Produces pieces until one holds the byte at an offset, or the text ends.</summary>
    private Errno AdvanceTo(long offset)
    {
        while (!_cursor.IsFinished && offset >= _pieceStart + _piece.LengthBytes)
        {
            _pieceStart += _piece.LengthBytes;
            _piece.Clear();
            Errno error = _contents.Append(_piece, ref _cursor);
            if (error != Errno.None) return error;
            Scheduler.RescheduleIfWanted();
        }

        return Errno.None;
    }

    private ReadOnlySpan<byte> RestAt(long offset)
    {
        long from = offset - _pieceStart;
        return from < _piece.LengthBytes ? _piece.Written[(int)from..] : default;
    }
}
