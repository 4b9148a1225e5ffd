using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>A pipe: bytes on their way from those who write to those who read, behind pipe(2) and behind
/// FIFOs.</summary>
/// <locking>The sleeping lock covers the buffer, because user memory is copied under it, and the counts of
/// ends. Polling reads both without:
/// whoever changes them wakes the queues afterwards.</locking>
/// <source>pipe(7), fifo(7).</source>
internal sealed partial class Pipe
{
    private const uint ReadEvents = PollBits.POLLIN | PollBits.POLLRDNORM;
    private const uint WriteEvents = PollBits.POLLOUT | PollBits.POLLWRNORM;

    private readonly SleepLock _lock = new(LockRank.Pipe);
    private readonly WaitQueue _readers = new();
    private readonly WaitQueue _writers = new();
    private PipeBuffer _buffer;
    private int _readerCount;
    private int _writerCount;

    // How many have ever come: the open of a FIFO waits for one more, even if that one is gone again.
    private int _readersEver;
    private int _writersEver;

    internal int ReadersEver => Volatile.Read(ref _readersEver);
    internal int WritersEver => Volatile.Read(ref _writersEver);
    internal bool HasReaders => Volatile.Read(ref _readerCount) > 0;
    internal bool HasWriters => Volatile.Read(ref _writerCount) > 0;

    internal Pipe(int slots = PipeBuffer.DefaultSlots)
    {
        _buffer = new PipeBuffer(slots);
    }

    // ---- ends
    // -------------------------------------------------------------------------------------------------

    internal void AddReader()
    {
        using (_lock.Acquire())
        {
            _ = Interlocked.Increment(ref _readerCount);
            _ = Interlocked.Increment(ref _readersEver);
        }

        // Opens for writing wait for this.
        _writers.WakeAll(WriteEvents);
    }

    internal void AddWriter()
    {
        using (_lock.Acquire())
        {
            _ = Interlocked.Increment(ref _writerCount);
            _ = Interlocked.Increment(ref _writersEver);
        }

        _readers.WakeAll(ReadEvents);
    }

    /// <summary>The last reader's leaving is an error to writers, also to those who wait for room.</summary>
    internal void RemoveReader()
    {
        using (_lock.Acquire())
        {
            _ = Interlocked.Decrement(ref _readerCount);
            EndIfUnusedLocked();
        }

        if (!HasReaders) _writers.WakeAll(WriteEvents | PollBits.POLLERR);
    }

    /// <summary>The last writer's leaving is the end of the file to readers.</summary>
    internal void RemoveWriter()
    {
        using (_lock.Acquire())
        {
            _ = Interlocked.Decrement(ref _writerCount);
            EndIfUnusedLocked();
        }

        if (!HasWriters) _readers.WakeAll(ReadEvents | PollBits.POLLHUP);
    }

    // ---- bytes
    // ------------------------------------------------------------------------------------------------

    /// <errors>EAGAIN: empty, and there are writers. EFAULT.</errors>
    internal IoResult Read(ref UserDestination destination)
    {
        if (destination.RemainingBytes == 0) return 0;

        int count;
        bool wasFull;
        using (_lock.Acquire())
        {
            if (_isDrained) return Errno.EAGAIN;
            if (_buffer.IsEmpty) return HasWriters ? Errno.EAGAIN : 0;
            wasFull = _buffer.IsFull;
            count = _buffer.Read(ref destination);
        }

        if (count == 0) return Errno.EFAULT;
        if (wasFull && IsWritable) _writers.Wake(WriteEvents);
        return count;
    }

    /// <param name="isPacket">The bytes are one message, or one for each 4096.</param>
    /// <errors>EPIPE: nobody reads; the system call raises SIGPIPE. EAGAIN: no room, or not enough for a
    /// write that must not be divided. EFAULT, ENOMEM.</errors>
    internal IoResult Write(ref UserSource source, bool isPacket)
    {
        if (source.RemainingBytes == 0) return 0;

        int count;
        Errno error;
        using (_lock.Acquire())
        {
            if (!HasReaders) return Errno.EPIPE;

            // pipe(7), PIPE_BUF: up to 4096 bytes go in as a whole or not at all.
            if (isPacket ? _buffer.IsFull : !_buffer.HasRoomFor(source.RemainingBytes)) return Errno.EAGAIN;
            PipeSegmentKind kind = isPacket ? PipeSegmentKind.Packet : PipeSegmentKind.Open;
            count = _buffer.Write(ref source, kind, out error);
        }

        if (count == 0) return error == Errno.None ? Errno.EFAULT : error;
        _readers.Wake(ReadEvents);
        return count;
    }

    /// <summary>For FIONREAD.</summary>
    internal int CountBytes()
    {
        using SleepLock.Guard guard = _lock.Acquire();
        return _buffer.CountBytes();
    }

    // ---- readiness
    // ----------------------------------------------------------------------------------------------

    // Room for one undivided write of any length; less is not worth waking anybody for.
    private bool IsWritable => !_buffer.IsFull;

    /// <param name="hadWriters">Since this end was opened there has been a writer: only then is having none a
    /// hang-up.</param>
    internal uint PollRead(PollTable? table, bool hadWriters)
    {
        table?.Add(_readers, ReadEvents | PollBits.POLLHUP);

        // Not even the end: who would try again would be told to wait, for ever at once.
        if (Volatile.Read(ref _isDrained)) return 0;
        uint events = _buffer.IsEmpty ? 0 : ReadEvents;
        if (hadWriters && !HasWriters) events |= PollBits.POLLHUP;
        return events;
    }

    internal uint PollWrite(PollTable? table)
    {
        table?.Add(_writers, WriteEvents | PollBits.POLLERR);
        uint events = IsWritable ? WriteEvents : 0;
        if (!HasReaders) events |= PollBits.POLLERR;
        return events;
    }
}
