using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Net;

/// <summary>What was sent to a socket and not yet received: bytes in a ring, and records of whose they are
/// and what came
/// with them.</summary>
/// <remarks>A record that was read stays for the next message: small messages back and forth allocate
/// nothing.</remarks>
/// <locking>A sleeping lock, because user memory is copied under it. Counts are read without.</locking>
internal sealed partial class MessageQueue(UnixSocket owner)
{
    // What a record counts beside its bytes, so that empty messages cannot be without number: the size of
    // one, rounded up.
    internal const int RecordBytes = 256;

    private readonly UnixSocket _owner = owner;
    private readonly SleepLock _lock = new(LockRank.SocketQueue);
    private ByteRing _ring = new();
    private MessageRecord? _first;
    private MessageRecord? _last;
    private MessageRecord? _spare;
    private int _count;
    private bool _isClosed;

    internal int LengthBytes => _ring.LengthBytes;

    internal bool HasRecords => Volatile.Read(ref _first) is not null;

    internal int Count => Volatile.Read(ref _count);

    /// <summary>What a stream's sender has in it.</summary>
    internal int ChargeBytes => LengthBytes + (Count > 1 ? Count * RecordBytes : 0);

    internal SleepLock.Guard Acquire() => _lock.Acquire();

    /// <summary>The length of the first message; zero if there is none.</summary>
    internal int FirstBytes
    {
        get
        {
            using SleepLock.Guard guard = _lock.Acquire();
            return _first is null ? 0 : _first.LengthBytes;
        }
    }

    /// <summary>Open files in the messages.</summary>
    internal int CountFiles()
    {
        using SleepLock.Guard guard = _lock.Acquire();
        int count = 0;
        for (MessageRecord? record = _first; record is not null; record = record.Next)
        {
            count += record.Files?.Files.Length ?? 0;
        }

        return count;
    }

    /// <summary>Nothing more is taken, and what is there is lost.</summary>
    /// <returns>A chain of the files that came with it, for <see cref="DiscardedFiles"/>.</returns>
    internal FilePackage? Close()
    {
        FilePackage? packages = null;
        MessageRecord? lost;
        using (_lock.Acquire())
        {
            _isClosed = true;
            lost = _first;
            packages = ClearLocked();
        }

        // Senders get back what they had in it, and may wait for that.
        for (; lost is not null; lost = lost.Next) lost.Sender?.DropCharge(lost.ChargeBytes);
        return packages;
    }

    /// <summary>Loses all messages, of a datagram socket that is connected to another sender.</summary>
    internal FilePackage? Purge()
    {
        FilePackage? packages;
        MessageRecord? lost;
        using (_lock.Acquire())
        {
            lost = _first;
            packages = ClearLocked();
        }

        for (; lost is not null; lost = lost.Next) lost.Sender?.DropCharge(lost.ChargeBytes);
        return packages;
    }

    private FilePackage? ClearLocked()
    {
        FilePackage? packages = null;
        for (MessageRecord? record = _first; record is not null; record = record.Next)
        {
            if (record.Files is not FilePackage package || !TravelingFiles.TryTake(package)) continue;
            package.Next = packages;
            packages = package;
        }

        Volatile.Write(ref _first, null);
        _last = null;
        _spare = null;
        ClearMarksLocked();
        Volatile.Write(ref _count, 0);
        _ring.Clear();
        return packages;
    }

    // ---- putting in
    // -----------------------------------------------------------------------------------------------

    private MessageRecord TakeSpare()
    {
        MessageRecord record = _spare ?? new MessageRecord();
        _spare = null;
        return record;
    }

    private void AddLocked(MessageRecord record)
    {
        if (_last is null) Volatile.Write(ref _first, record);
        else _last.Next = record;
        _last = record;
        Volatile.Write(ref _count, _count + 1);
    }

    private void RemoveFirstLocked()
    {
        MessageRecord record = _first!;
        Volatile.Write(ref _first, record.Next);
        if (record.Next is null) _last = null;
        Volatile.Write(ref _count, _count - 1);
        if (record.IsMark) ForgetMarkLocked(record);
        record.Clear();
        _spare = record;
    }

    /// <summary>Takes all bytes of the source, as far as a length, or says why not.</summary>
    private Errno TryAppendLocked(ref UserSource source, int lengthBytes)
    {
        Errno error = _ring.Reserve(lengthBytes);
        if (error != Errno.None) return error;
        int moved = _ring.Append(ref source, lengthBytes, out error);
        if (error == Errno.None) return Errno.None;
        _ring.Discard(moved);
        return error;
    }

    private bool MayAddRecord => _spare is not null || KernelObjects.MayCreateFile();
}
