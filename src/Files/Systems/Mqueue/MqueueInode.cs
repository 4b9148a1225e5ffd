using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <summary>A message queue.</summary>
/// <locking>A sleeping lock of its own for messages, who waits, and who is to be told.</locking>
/// <source>mq_overview(7).</source>
internal sealed class MqueueInode : Inode
{
    // What Linux says, whatever is in the queue, until somebody truncates the file, which changes the number
    // and nothing else.
    private const long FirstLengthBytes = 80;

    private readonly MqueueFilesystem _filesystem;
    private readonly FileAccount _account;
    private readonly SleepLock _lock = new(LockRank.IpcContents);
    private readonly MqueueHeap _messages;
    private readonly MqueueLine _receivers = new();
    private readonly MqueueLine _senders = new();
    private MqueueNotice? _notice;
    private long _messageBytes;
    private long _lengthBytes = FirstLengthBytes;

    /// <param name="account">Has been charged; given back at the end.</param>
    internal MqueueInode(
        MqueueFilesystem filesystem, ulong number, in NewNode node, MqueueShape shape, FileAccount account)
        : base(filesystem, number, node)
    {
        _filesystem = filesystem;
        _account = account;
        Shape = shape;
        _messages = new MqueueHeap((int)shape.Messages);
        account.Hold();
    }

    internal MqueueShape Shape { get; }

    /// <summary>Whoever polls.</summary>
    internal WaitQueue Pollers { get; } = new();

    internal int Count
    {
        get
        {
            using SleepLock.Guard guard = _lock.Acquire();
            return _messages.Count;
        }
    }

    public override long LengthBytes => _lengthBytes;

    public override bool TryOpen(in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        file = new MqueueFile(this, request);
        error = Errno.None;
        return true;
    }

    public override Errno SetLength(long lengthBytes)
    {
        _lengthBytes = lengthBytes;
        TouchModified();
        return Errno.None;
    }

    protected override void Evict()
    {
        _account.RemoveMessageBytes(Shape.ChargedBytes);
        _account.LetGo();
        _filesystem.ForgetQueue();
    }

    /// <errors>EAGAIN: no room, and not to wait. ETIMEDOUT. ERESTARTSYS: a signal.</errors>
    /// <locking>Sleeps. No lock held.</locking>
    internal Errno Send(MqueueMessage message, bool mayWait, Nanoseconds deadline)
    {
        MqueueWaiter waiter;
        using (SleepLock.Guard guard = _lock.Acquire())
        {
            if (!_messages.IsFull)
            {
                TouchModified();
                AddLocked(message);
                return Errno.None;
            }

            if (!mayWait) return Errno.EAGAIN;
            waiter = new MqueueWaiter(message);
            _senders.Add(waiter);
        }

        return Wait(waiter, _senders, deadline);
    }

    /// <inheritdoc cref="Send"/>
    internal Errno Receive(bool mayWait, Nanoseconds deadline, out MqueueMessage? message)
    {
        message = null;
        MqueueWaiter waiter;
        using (SleepLock.Guard guard = _lock.Acquire())
        {
            if (_messages.Count > 0)
            {
                TouchModified();
                message = TakeLocked();
                return Errno.None;
            }

            if (!mayWait) return Errno.EAGAIN;
            waiter = new MqueueWaiter(null);
            _receivers.Add(waiter);
        }

        Errno error = Wait(waiter, _receivers, deadline);
        message = waiter.Message;
        return error;
    }

    internal uint Poll()
    {
        using SleepLock.Guard guard = _lock.Acquire();
        uint events = _messages.Count > 0 ? PollBits.POLLIN | PollBits.POLLRDNORM : 0;
        return _messages.IsFull ? events : events | PollBits.POLLOUT | PollBits.POLLWRNORM;
    }

    /// <errors>EBUSY: somebody is told already.</errors>
    internal Errno SetNotice(MqueueNotice notice)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (_notice is not null) return Errno.EBUSY;
        _notice = notice;
        TouchChanged();
        return Errno.None;
    }

    /// <summary>The process is not to be told any more; nothing if it was not.</summary>
    internal void RemoveNoticeOf(object process)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (_notice is not null && ReferenceEquals(_notice.Process, process)) _notice = null;
    }

    /// <summary>What the file reads as.</summary>
    /// <source>mq_overview(7), "Mounting the message queue filesystem".</source>
    internal void Describe(ByteBuilder text)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        bool signals = _notice is { Kind: SigEvent.SIGEV_SIGNAL };
        AppendField(text, "QSIZE:"u8, _messageBytes, 10);
        AppendField(text, " NOTIFY:"u8, _notice?.Kind ?? 0, 5);
        AppendField(text, " SIGNO:"u8, signals ? _notice!.Signal : 0, 5);
        AppendField(text, " NOTIFY_PID:"u8, _notice?.ProcessId ?? 0, 6);
        text.Append((byte)'\n');
    }

    private static void AppendField(ByteBuilder text, System.ReadOnlySpan<byte> name, long value, int width)
    {
        text.Append(name);
        int start = text.LengthBytes;
        text.Append(value).Pad(start + width - text.LengthBytes, (byte)' ');
    }

    private Errno Wait(MqueueWaiter waiter, MqueueLine line, Nanoseconds deadline)
    {
        WakeReason reason = waiter.Wait(deadline);
        using SleepLock.Guard guard = _lock.Acquire();
        if (waiter.IsDone) return Errno.None;
        line.Remove(waiter);
        return reason == WakeReason.TimedOut ? Errno.ETIMEDOUT : Errno.ERESTARTSYS;
    }

    // To somebody who waits, or into the queue.
    private void AddLocked(MqueueMessage message)
    {
        if (_receivers.Take() is { } receiver)
        {
            receiver.Finish(message);
            return;
        }

        bool wasEmpty = _messages.Count == 0;
        _messages.Add(message);
        _messageBytes += message.LengthBytes;
        if (wasEmpty && _notice is { } notice)
        {
            _notice = null;
            notice.Send();
        }

        Pollers.WakeAll(PollBits.POLLIN | PollBits.POLLRDNORM);
    }

    // The room is for whoever waits for it.
    private MqueueMessage TakeLocked()
    {
        MqueueMessage taken = _messages.Take();
        _messageBytes -= taken.LengthBytes;
        if (_senders.Take() is { Message: { } waiting } sender)
        {
            AddLocked(waiting);
            sender.Finish(waiting);
        }

        Pollers.WakeAll(PollBits.POLLOUT | PollBits.POLLWRNORM);
        return taken;
    }
}
