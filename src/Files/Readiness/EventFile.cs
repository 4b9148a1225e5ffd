using System;
using System.Buffers.Binary;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>A counter that writing adds to and reading takes from.</summary>
/// <source>eventfd(2).</source>
public sealed class EventFile : OpenFile
{
    private const int ValueBytes = sizeof(ulong);
    private const int CountColumns = 16;
    private const ulong MaxCount = ulong.MaxValue - 1;

    private readonly SpinLock _lock = new(LockRank.EventCounter);
    private readonly WaitQueue _waiters = new();
    private readonly bool _isSemaphore;
    private ulong _count;

    /// <param name="initial">What it counts from.</param>
    /// <param name="flags">EFD_SEMAPHORE: a read takes one and not all. EFD_NONBLOCK.</param>
    public EventFile(uint initial, uint flags)
        : base(AnonymousFilesystem.AddUser(), default, OpenBits.O_RDWR | (flags & OpenBits.O_NONBLOCK))
    {
        _count = initial;
        _isSemaphore = (flags & EventfdBits.EFD_SEMAPHORE) != 0;
    }

    public override bool HasReadiness => true;

    /// <errors>EINVAL: no room for the value. EAGAIN: it is zero. EFAULT, and then what was taken is lost,
    /// as on Linux.
    /// </errors>
    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        if (destination.RemainingBytes < ValueBytes) return Errno.EINVAL;

        ulong taken;
        using (_lock.Acquire())
        {
            if (_count == 0) return Errno.EAGAIN;
            taken = _isSemaphore ? 1 : _count;
            _count -= taken;
        }

        _waiters.Wake(PollBits.POLLOUT);
        Span<byte> value = stackalloc byte[ValueBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(value, taken);
        return destination.Write(value) == ValueBytes ? ValueBytes : Errno.EFAULT;
    }

    /// <summary>Waits in the one queue there is, which is cheaper than with a poll table.</summary>
    public override IoResult ReadWaiting(ref UserDestination destination)
    {
        IsCounted condition = new(this);
        while (true)
        {
            WakeReason reason = Sleep.Until(_waiters, ref condition, SleepMode.Interruptible, Nanoseconds.Max);
            if (reason == WakeReason.Interrupted) return Errno.ERESTARTSYS;
            IoResult result = Read(ref destination);
            if (result.Error != Errno.EAGAIN || IsNonBlocking) return result;
        }
    }

    /// <errors>EINVAL: not a whole value, or the one that cannot be counted. EAGAIN: the sum could not be.
    /// EFAULT.</errors>
    protected override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
    {
        if (source.RemainingBytes < ValueBytes) return Errno.EINVAL;

        if (!TryPeek(in source, out ulong added)) return Errno.EFAULT;
        if (added == ulong.MaxValue) return Errno.EINVAL;

        using (_lock.Acquire())
        {
            if (added > MaxCount - _count) return Errno.EAGAIN;
            _count += added;
        }

        _waiters.Wake(PollBits.POLLIN);
        source.Skip(ValueBytes);
        return ValueBytes;
    }

    /// <summary>A write of much waits longer than one of little.</summary>
    protected internal override bool IsWriteReady(PollTable? table, in UserSource source)
    {
        table?.Add(_waiters, PollBits.POLLOUT);

        // What cannot be read need not wait: the write will say so.
        if (!TryPeek(in source, out ulong added)) return true;
        using SpinLock.Guard guard = _lock.Acquire();
        return added > MaxCount || added <= MaxCount - _count;
    }

    public override uint Poll(PollTable? table)
    {
        table?.Add(_waiters, PollBits.POLLIN | PollBits.POLLOUT);

        // One word: no lock is needed to see it as it is.
        ulong count = Volatile.Read(ref _count);
        uint events = 0;
        if (count > 0) events |= PollBits.POLLIN;
        if (count < MaxCount) events |= PollBits.POLLOUT;
        return events;
    }

    // Left where it is, because a write that has to wait begins again.
    private static bool TryPeek(in UserSource source, out ulong value)
    {
        UserSource attempt = source;
        Span<byte> bytes = stackalloc byte[ValueBytes];
        bool isRead = attempt.Read(bytes) == ValueBytes;
        value = isRead ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return isRead;
    }

    public override void AppendName(ByteBuilder text, PathLocation root)
        => text.Append("anon_inode:[eventfd]"u8);

    public override IoResult Seek(long distance, int origin) => 0;

    /// <source>proc_pid_fdinfo(5).</source>
    /// <deviation>Linux numbers them (eventfd-id); here the number is always zero.</deviation>
    public override bool AppendDetails(ByteBuilder text, ref long position)
    {
        text.Append("eventfd-count: "u8).AppendHexRight(Volatile.Read(ref _count), CountColumns);
        text.Append("\neventfd-id: 0\n"u8);
        return false;
    }

    private readonly struct IsCounted(EventFile file) : ISleepCondition
    {
        public bool IsMet() => Volatile.Read(ref file._count) != 0;
    }
}
