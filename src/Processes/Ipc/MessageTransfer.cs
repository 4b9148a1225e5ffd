using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>Sending and receiving.</summary>
/// <source>msgop(2)</source>
public static class MessageTransfer
{
    /// <summary>Appends a message, when there is room for it.</summary>
    /// <errors>EINVAL: no such queue. EACCES. EAGAIN: no room, and not to wait. EIDRM. ENOMEM. A signal:
    /// EINTR after a handler.</errors>
    /// <locking>Sleeps. No lock held.</locking>
    public static Errno Send(UserThread caller, int id, long type, byte[] text, bool mayWait)
    {
        if (!MessageQueues.Table.TryFind(id, out MessageQueue? queue, out Errno error)) return error;
        while (true)
        {
            int seen;
            using (SleepLock.Guard guard = queue.Lock.Acquire())
            {
                if (queue.IsRemoved) return Errno.EIDRM;
                if (!queue.Allows(caller.Credentials, IpcRules.WriteAll)) return Errno.EACCES;
                if (queue.HasRoomLocked(text.Length))
                {
                    queue.AddLocked(new Message(type, text));
                    return Errno.None;
                }

                seen = queue.Receives;
            }

            if (!mayWait) return Errno.EAGAIN;
            Received condition = new(queue, seen);
            WakeReason reason =
                Sleep.Until(queue.Senders, ref condition, SleepMode.Interruptible, Nanoseconds.Max);
            if (reason == WakeReason.Interrupted) return Errno.ERESTARTNOHAND;
        }
    }

    /// <summary>Takes a message that was asked for, or a copy of it.</summary>
    /// <errors>EINVAL: no such queue, or flags that do not go together. EACCES. E2BIG: it is longer than
    /// wanted.
    /// ENOMSG: none, and not to wait. EIDRM. A signal: EINTR after a handler.</errors>
    /// <locking>Sleeps. No lock held.</locking>
    public static Errno Receive(
        UserThread caller, int id, long type, int lengthBytes, int flags, out long foundType, out byte[] text)
    {
        foundType = 0;
        text = [];
        bool copies = (flags & ShmBits.MSG_COPY) != 0;
        if (copies && (flags & (ShmBits.IPC_NOWAIT | ShmBits.MSG_EXCEPT)) != ShmBits.IPC_NOWAIT) return Errno.EINVAL;
        if (!MessageQueues.Table.TryFind(id, out MessageQueue? queue, out Errno error)) return error;
        while (true)
        {
            int seen;
            using (SleepLock.Guard guard = queue.Lock.Acquire())
            {
                if (!queue.Allows(caller.Credentials, IpcRules.ReadAll)) return Errno.EACCES;
                if (queue.IsRemoved) return Errno.EIDRM;
                Message? found = copies
                    ? queue.AtLocked(type)
                    : queue.FindLocked(type, (flags & ShmBits.MSG_EXCEPT) != 0);
                if (found is not null)
                {
                    if (found.Text.Length > lengthBytes && (flags & ShmBits.MSG_NOERROR) == 0) return Errno.E2BIG;
                    if (!copies) queue.RemoveLocked(found);
                    foundType = found.Type;
                    text = found.Text;
                    return Errno.None;
                }

                seen = queue.Sends;
            }

            if ((flags & ShmBits.IPC_NOWAIT) != 0) return Errno.ENOMSG;
            Sent condition = new(queue, seen);
            WakeReason reason =
                Sleep.Until(queue.Receivers, ref condition, SleepMode.Interruptible, Nanoseconds.Max);
            if (reason == WakeReason.Interrupted) return Errno.ERESTARTNOHAND;
        }
    }

    private readonly struct Sent(MessageQueue queue, int seen) : ISleepCondition
    {
        public bool IsMet() => queue.Sends != seen;
    }

    private readonly struct Received(MessageQueue queue, int seen) : ISleepCondition
    {
        public bool IsMet() => queue.Receives != seen;
    }
}
