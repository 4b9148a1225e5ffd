using System.Threading;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Net;

/// <content>The urgent byte of a stream. It is a record of its own, so that reading can stop before it; when
/// a later one
/// comes it is a byte like the others.</content>
/// <source>send(2) and recv(2), MSG_OOB; socket(7), SO_OOBINLINE; sockatmark(3).</source>
internal sealed partial class MessageQueue
{
    private MessageRecord? _urgent;

    // Marks whose byte was had.
    private int _takenCount;

    /// <summary>Whether there is a byte that MSG_OOB would get.</summary>
    internal bool HasUrgent => Volatile.Read(ref _urgent) is not null;

    /// <summary>Whether an ordinary receive call finds something; an urgent byte alone is nothing.</summary>
    internal bool HasOrdinary
    {
        get
        {
            int marks = Volatile.Read(ref _takenCount);
            if (HasUrgent && !IsInline) marks++;
            return Count > marks;
        }
    }

    private bool IsInline => _owner.Settings.IsOn(SocketOption.SO_OOBINLINE);

    /// <summary>SIOCATMARK: what was read ended where an urgent byte is, or was.</summary>
    internal bool IsAtMark
    {
        get
        {
            using SleepLock.Guard guard = _lock.Acquire();
            return _first is { IsMark: true };
        }
    }

    /// <summary>Gives out the urgent byte; the mark stays.</summary>
    /// <errors>EINVAL: there is none, or it comes with the others. EFAULT.</errors>
    internal IoResult TakeUrgent(ref IncomingMessage message, bool isPeek)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (_urgent is null || IsInline) return Errno.EINVAL;

        long at = _ring.End - _ring.LengthBytes;
        for (MessageRecord record = _first!; !ReferenceEquals(record, _urgent); record = record.Next!)
        {
            at += record.LengthBytes;
        }

        if (_ring.Copy(at, 1, ref message.Data) == 0) return Errno.EFAULT;
        message.ResultFlags |= SocketMessageBits.MSG_OOB;
        message.IsComplete = true;
        if (isPeek) return 1;

        _urgent.IsUrgent = false;
        _urgent.IsTaken = true;
        Volatile.Write(ref _takenCount, _takenCount + 1);
        Volatile.Write(ref _urgent, null);
        return 1;
    }

    private void MarkUrgentLocked(MessageRecord record)
    {
        if (_urgent is not null) _urgent.IsUrgent = false;
        record.IsUrgent = true;
        Volatile.Write(ref _urgent, record);
    }

    private void ForgetMarkLocked(MessageRecord record)
    {
        if (record.IsTaken) Volatile.Write(ref _takenCount, _takenCount - 1);
        else Volatile.Write(ref _urgent, null);
    }

    private void ClearMarksLocked()
    {
        Volatile.Write(ref _takenCount, 0);
        Volatile.Write(ref _urgent, null);
    }
}
