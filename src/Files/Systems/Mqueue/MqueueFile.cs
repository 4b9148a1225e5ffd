using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>A message queue that is open. Read as a file it says what state the queue is in.</summary>
/// <source>mq_overview(7).</source>
public sealed class MqueueFile : OpenFile
{
    private readonly MqueueInode _queue;

    internal MqueueFile(MqueueInode queue, in OpenRequest request)
        : base(queue, request.Location, request.Flags)
    {
        _queue = queue;
    }

    public override bool IsSeekable => true;
    public override bool HasReadiness => true;

    public MqueueShape Shape => _queue.Shape;

    /// <summary>Messages that are in the queue.</summary>
    public int MessageCount => _queue.Count;

    /// <summary>Sends a message, when there is room for it.</summary>
    /// <param name="deadline">On the monotonic clock.</param>
    /// <errors>EBADF: not open for writing. EMSGSIZE. EFAULT. ENOMEM. EAGAIN, ETIMEDOUT,
    /// ERESTARTSYS.</errors>
    /// <source>mq_send(3), including the order of checks.</source>
    public Errno Send(UserAddress text, ulong lengthBytes, uint priority, Nanoseconds deadline)
    {
        if (!CanWrite) return Errno.EBADF;
        if (lengthBytes > (ulong)Shape.MessageBytes) return Errno.EMSGSIZE;
        if (!MqueueMessage.TryCopyIn(text, (int)lengthBytes, priority, out MqueueMessage? message, out Errno error))
            return error;
        return _queue.Send(message, !IsNonBlocking, deadline);
    }

    /// <summary>Takes the next message; its length is the result.</summary>
    /// <param name="deadline">On the monotonic clock.</param>
    /// <errors>EBADF: not open for reading. EMSGSIZE: the queue's messages may be longer than the buffer.
    /// EFAULT, and then the message is lost, as on Linux. EAGAIN, ETIMEDOUT, ERESTARTSYS.</errors>
    /// <source>mq_receive(3)</source>
    public IoResult Receive(UserAddress text, ulong lengthBytes, UserAddress priority, Nanoseconds deadline)
    {
        if (!CanRead) return Errno.EBADF;
        if (lengthBytes < (ulong)Shape.MessageBytes) return Errno.EMSGSIZE;
        Errno error = _queue.Receive(!IsNonBlocking, deadline, out MqueueMessage? message);
        if (error != Errno.None) return error;
        if (!priority.IsNull && !UserMemory.TryWrite(priority, message!.Priority)) return Errno.EFAULT;
        return message!.TryCopyOut(text) ? message.LengthBytes : Errno.EFAULT;
    }

    /// <errors>EBUSY: a process is told already.</errors>
    public Errno SetNotice(MqueueNotice notice) => _queue.SetNotice(notice);

    /// <summary>The caller's process is not to be told any more.</summary>
    public void RemoveNotice() => _queue.RemoveNoticeOf(MqueueCaller.Installed.Process);

    /// <summary>A process that closes the queue by any descriptor is not told any more.</summary>
    /// <source>mq_close(3).</source>
    public override Errno Flush()
    {
        RemoveNotice();
        return Errno.None;
    }

    public override uint Poll(PollTable? table)
    {
        const uint all = PollBits.POLLIN | PollBits.POLLRDNORM | PollBits.POLLOUT | PollBits.POLLWRNORM;
        table?.Add(_queue.Pollers, all);
        return _queue.Poll();
    }

    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        ByteBuilder text = new();
        _queue.Describe(text);
        if (offset >= text.LengthBytes) return 0;
        int moved = destination.Write(text.Written[(int)offset..]);
        _queue.TouchAccessed(Clock.Realtime);
        return moved > 0 || destination.RemainingBytes == 0 ? moved : Errno.EFAULT;
    }
}
