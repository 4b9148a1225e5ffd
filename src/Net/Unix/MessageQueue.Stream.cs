using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Net;

/// <content>The queue of a stream: a record is a run of bytes of one sender, and the files that come with
/// the first of
/// them.</content>
internal sealed partial class MessageQueue
{
    /// <summary>Takes as many bytes as there is room for, and the message's files with the first.</summary>
    /// <param name="capacityBytes">The sender's send buffer.</param>
    /// <param name="credentials">Who the bytes are from, if somebody wants to know.</param>
    /// <errors>EPIPE: nobody will receive it. EAGAIN: no room. EFAULT, ENOMEM, ENOBUFS: nothing was
    /// taken.</errors>
    internal IoResult AppendToStream(ref OutgoingMessage message, int capacityBytes, Ucred? credentials)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (_isClosed || _owner.CannotReceive) return Errno.EPIPE;
        int room = Math.Min(capacityBytes, ByteRing.MostBytes / 2) - ChargeBytes;
        if (room <= 0) return Errno.EAGAIN;

        // The last byte of an urgent message has a record of its own, and the others go first.
        bool hasUrgent = message.Has(SocketMessageBits.MSG_OOB);
        bool isUrgent = hasUrgent && message.Data.RemainingBytes == 1;
        bool isContinued = _last is { IsMark: false, Files: null } && !isUrgent && message.Files is null
            && IsSame(_last.Credentials, credentials);
        if (!isContinued && !MayAddRecord) return Errno.ENOMEM;
        int lengthBytes = message.Data.RemainingBytes;
        if (hasUrgent && !isUrgent) lengthBytes--;
        lengthBytes = Math.Min(lengthBytes, room);
        Errno error = _ring.Reserve(lengthBytes);
        if (error != Errno.None) return error;

        // As far as it comes: what was taken before a bad address, or the end of memory, counts.
        int moved = _ring.Append(ref message.Data, lengthBytes, out error);
        if (moved == 0 && lengthBytes > 0) return error;
        _ring.Commit(moved);
        if (isContinued)
        {
            _last!.LengthBytes += moved;
            return moved;
        }

        MessageRecord record = TakeSpare();
        record.LengthBytes = moved;
        record.Credentials = credentials;
        record.SenderName = _owner.Connected?.BoundName;
        SendFilesLocked(ref message, record);
        AddLocked(record);
        if (isUrgent) MarkUrgentLocked(record);
        return moved;
    }

    private void SendFilesLocked(ref OutgoingMessage message, MessageRecord record)
    {
        if (message.Files is not FilePackage package) return;
        record.Files = package;
        message.Files = null;
        TravelingFiles.Add(package, _owner);
    }

    /// <summary>Gives out what there is for the destination, up to the next sender, and behind
    /// files.</summary>
    /// <param name="isPeek">Leaves it all.</param>
    /// <param name="skipBytes">Of a peek: what to pass over.</param>
    /// <param name="wantsCredentials">SO_PASSCRED: bytes of different senders are not joined.</param>
    /// <returns>The count; EFAULT; EAGAIN when there is nothing.</returns>
    internal IoResult TakeFromStream(ref IncomingMessage message, bool isPeek, int skipBytes, bool wantsCredentials)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        MessageRecord? record = _first;
        long at = _ring.End - _ring.LengthBytes;
        for (; isPeek && record is not null && skipBytes >= record.LengthBytes; record = record.Next)
        {
            skipBytes -= record.LengthBytes;
            at += record.LengthBytes;
        }

        if (record is null) return Errno.EAGAIN;
        if (!isPeek) skipBytes = 0;
        if (wantsCredentials) message.Credentials ??= record.Credentials ?? NobodysCredentials;
        if (!message.Address.IsEmpty && record.SenderName is not null)
            message.AddressBytes = UnixName.Store(record.SenderName, message.Address);

        int total = 0;
        bool isFound = false;
        while (record is not null)
        {
            if (record.IsMark)
            {
                if (isFound) break;
                if (record.IsTaken || !IsInline)
                {
                    MessageRecord? behind = record.Next;
                    at += record.LengthBytes;
                    if (!isPeek) ConsumeLocked(record, record.LengthBytes);
                    record = behind;
                    continue;
                }
            }

            isFound = true;
            if (wantsCredentials && !IsSame(record.Credentials ?? NobodysCredentials, message.Credentials))
            {
                message.IsComplete = true;
                break;
            }

            int wanted = Math.Min(record.LengthBytes - skipBytes, message.Data.RemainingBytes);
            int moved = _ring.Copy(at + skipBytes, wanted, ref message.Data);
            if (moved < wanted && moved == 0) return total > 0 ? total : Errno.EFAULT;
            total += moved;
            MessageRecord? next = record.Next;
            bool isRead = moved == record.LengthBytes - skipBytes;
            at += record.LengthBytes;
            skipBytes = 0;
            bool hadFiles = TakeFilesLocked(ref message, record, isPeek);
            if (!isPeek) ConsumeLocked(record, moved);
            if (hadFiles) message.IsComplete = true;
            if (!isRead || hadFiles || message.Data.RemainingBytes == 0) break;
            record = next;
        }

        return isFound ? total : Errno.EAGAIN;
    }

    private void ConsumeLocked(MessageRecord record, int lengthBytes)
    {
        _ring.Consume(lengthBytes);
        record.LengthBytes -= lengthBytes;
        if (record.LengthBytes == 0) RemoveFirstLocked();
    }

    /// <summary>Whether files came with it.</summary>
    private static bool TakeFilesLocked(ref IncomingMessage message, MessageRecord record, bool isPeek)
    {
        if (record.Files is not FilePackage package) return false;
        if (isPeek)
        {
            message.Files = TravelingFiles.Copy(package);
            return true;
        }

        record.Files = null;
        if (TravelingFiles.TryTake(package)) message.Files = package.Files;
        return true;
    }

    // Neither end wanted to know when it was sent: no process, and the ids of nobody.
    private static Ucred NobodysCredentials => new() { pid = 0, uid = OverflowId, gid = OverflowId };

    private const uint OverflowId = 65534;

    private static bool IsSame(Ucred? one, Ucred? other)
    {
        if (one is not Ucred left || other is not Ucred right) return one is null && other is null;
        return left.pid == right.pid && left.uid == right.uid && left.gid == right.gid;
    }
}
