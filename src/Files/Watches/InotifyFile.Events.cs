using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <content>The events, and who waits for them.</content>
public sealed partial class InotifyFile
{
    private const uint Readable = PollBits.POLLIN | PollBits.POLLRDNORM;
    private const int MostNameBytes = 256;

    private readonly SpinLock _queueLock = new(LockRank.InotifyQueue);
    private readonly WaitQueue _waiters = new();
    private InotifyQueue _queue;

    /// <summary>Takes an event in, unless the newest one says the same.</summary>
    internal void Queue(InotifyWatch watch, uint happened, uint cookie, byte[] name)
    {
        using (_queueLock.Acquire())
        {
            if (_queue.Repeats(watch.Descriptor, happened, cookie, name)) return;
        }

        // Nothing is allocated under a spin lock; two that come at once here may be told twice.
        bool hasMemory = KernelObjects.MayCreateFile();
        InotifyRecord? record = hasMemory ? new(watch.Descriptor, happened, cookie, name) : null;
        bool isNew;
        using (_queueLock.Acquire()) isNew = !watch.IsEnded && AddLocked(record);
        if (isNew) _waiters.Wake(Readable);
    }

    private void QueueEnd(InotifyWatch watch)
    {
        InotifyRecord record = new(watch.Descriptor, InotifyBits.IN_IGNORED, 0, []);
        bool isNew;
        using (_queueLock.Acquire())
        {
            watch.IsEnded = true;
            isNew = AddLocked(record);
        }

        if (isNew) _waiters.Wake(Readable);
    }

    private bool AddLocked(InotifyRecord? record)
    {
        if (record is null || _queue.IsFull) return _queue.AddOverflow();
        _queue.Add(record);
        return true;
    }

    /// <summary>As many events as fit whole.</summary>
    /// <errors>EAGAIN: there are none. EINVAL: no room for the first. EFAULT, and the event is lost, as on
    /// Linux.</errors>
    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        long total = 0;
        while (true)
        {
            if (!TryTake(destination.RemainingBytes, out InotifyRecord? record))
            {
                if (total > 0) return total;
                return record is null ? Errno.EAGAIN : Errno.EINVAL;
            }

            if (!TryWrite(ref destination, record!)) return total > 0 ? total : Errno.EFAULT;
            total += record!.LengthBytes;
        }
    }

    /// <summary>There is nowhere to go, and Linux does not mind.</summary>
    public override IoResult Seek(long distance, int origin) => 0;

    public override uint Poll(PollTable? table)
    {
        table?.Add(_waiters, Readable);
        using SpinLock.Guard guard = _queueLock.Acquire();
        return _queue.First is null ? 0 : Readable;
    }

    public override IoResult Control(uint command, ulong argument)
    {
        if (command != IoctlNumbers.FIONREAD) return Errno.ENOTTY;
        int count;
        using (_queueLock.Acquire()) count = (int)_queue.LengthBytes;
        return UserMemory.TryWrite(new UserAddress(argument), count) ? 0 : Errno.EFAULT;
    }

    /// <param name="record">The first event, or none.</param>
    /// <returns>Whether it was taken, for which there must be room.</returns>
    private bool TryTake(int roomBytes, out InotifyRecord? record)
    {
        using SpinLock.Guard guard = _queueLock.Acquire();
        record = _queue.First;
        if (record is null || record.LengthBytes > roomBytes) return false;
        _queue.RemoveFirst();
        return true;
    }

    private static bool TryWrite(ref UserDestination destination, InotifyRecord record)
    {
        InotifyEvent head = new()
        {
            wd = record.Descriptor, mask = record.Mask, cookie = record.Cookie, len = (uint)record.NameBytes,
        };
        if (destination.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<InotifyEvent>(in head)))
            != InotifyRecord.HeaderBytes)
        {
            return false;
        }

        Span<byte> padded = stackalloc byte[MostNameBytes];
        padded = padded[..record.NameBytes];
        padded.Clear();
        record.Name.AsSpan().CopyTo(padded);
        return destination.Write(padded) == padded.Length;
    }
}
