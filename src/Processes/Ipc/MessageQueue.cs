using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Runtime;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>A message queue.</summary>
/// <locking>Everything is protected by <see cref="Lock"/> but what the base class says. The counters of
/// changes are read without, by those who wait.</locking>
/// <source>msgop(2), msgctl(2)</source>
public sealed class MessageQueue : IpcObject
{
    // A message and the array of its text, without the text.
    private const int BytesOfMessage = 64;

    private Message? _first;
    private Message? _last;
    private long _sendTime;
    private long _receiveTime;
    private int _lastSender;
    private int _lastReceiver;
    private int _sends;
    private int _receives;

    internal MessageQueue(int key, uint mode, Credentials creator)
        : base(key, mode, creator)
    {
        LimitBytes = (ulong)IpcLimits.QueueBytes;
    }

    internal SleepLock Lock { get; } = new(LockRank.IpcContents);

    internal WaitQueue Receivers { get; } = new();

    internal WaitQueue Senders { get; } = new();

    /// <summary>msg_qbytes.</summary>
    internal ulong LimitBytes { get; private set; }

    internal ulong Bytes { get; private set; }

    internal ulong Count { get; private set; }

    /// <summary>Grows with whatever may interest who waits for a message.</summary>
    internal int Sends => Volatile.Read(ref _sends);

    /// <summary>Grows with whatever may interest who waits for room.</summary>
    internal int Receives => Volatile.Read(ref _receives);

    internal bool HasRoomLocked(int lengthBytes) =>
        Bytes + (ulong)lengthBytes <= LimitBytes && Count + 1 <= LimitBytes;

    internal void AddLocked(Message message)
    {
        if (_last is null) _first = message;
        else _last.Next = message;
        _last = message;
        Bytes += (ulong)message.Text.Length;
        Count++;
        _sendTime = Now;
        _lastSender = CallerPid;
        TellReceivers();
    }

    /// <summary>The message that a receiver wants; null: none yet.</summary>
    /// <param name="type">0: the first one. Above: the first of this type, or with <paramref name="isOther"/>
    /// of another.
    /// Below: the first of the lowest type that is not above the absolute value.</param>
    internal Message? FindLocked(long type, bool isOther)
    {
        // The negative of the least number is itself: Linux takes the greatest then.
        long most = type >= 0 ? 0 : type == long.MinValue ? long.MaxValue : -type;
        Message? found = null;
        for (Message? message = _first; message is not null; message = message.Next)
        {
            if (type < 0)
            {
                if (message.Type > most) continue;
                found = message;
                most = message.Type - 1;
                continue;
            }

            if (type == 0 || message.Type == type != isOther) return message;
        }

        return found;
    }

    /// <summary>MSG_COPY: the message at a place.</summary>
    internal Message? AtLocked(long place)
    {
        Message? message = place < 0 ? null : _first;
        while (message is not null && place-- > 0) message = message.Next;
        return message;
    }

    internal void RemoveLocked(Message removed)
    {
        Message? previous = null;
        ref Message? at = ref _first;
        while (!ReferenceEquals(at, removed))
        {
            previous = at;
            at = ref at!.Next;
        }

        at = removed.Next;
        if (removed.Next is null) _last = previous;
        removed.Next = null;
        Bytes -= (ulong)removed.Text.Length;
        Count--;
        _receiveTime = Now;
        _lastReceiver = CallerPid;
        TellSenders();
    }

    internal void SetLimitLocked(ulong limitBytes)
    {
        LimitBytes = limitBytes;

        // Who may no longer send or receive hears of it, as well as who now has room.
        TellSenders();
        TellReceivers();
    }

    /// <summary>Empties the queue and wakes everybody. It has been removed.</summary>
    internal void DropLocked()
    {
        Collector.NoteDropped((long)(Bytes + Count * BytesOfMessage));
        _first = null;
        _last = null;
        TellSenders();
        TellReceivers();
    }

    internal void Describe(out MsqidDs described)
    {
        described = default;
        Describe(out described.msg_perm);
        described.msg_ctime = ChangeTime;
        using SleepLock.Guard guard = Lock.Acquire();
        described.msg_stime = _sendTime;
        described.msg_rtime = _receiveTime;
        described.__msg_cbytes = Bytes;
        described.msg_qnum = Count;
        described.msg_qbytes = LimitBytes;
        described.msg_lspid = _lastSender;
        described.msg_lrpid = _lastReceiver;
    }

    private void TellReceivers()
    {
        Volatile.Write(ref _sends, _sends + 1);
        Receivers.WakeAll();
    }

    private void TellSenders()
    {
        Volatile.Write(ref _receives, _receives + 1);
        Senders.WakeAll();
    }
}
