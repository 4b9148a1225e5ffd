using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Net;

/// <content>The queue of datagrams and of sequenced packets: a record is a message.</content>
internal sealed partial class MessageQueue
{
    /// <summary>Takes a message whole.</summary>
    /// <param name="sender">Whose send buffer it counts against.</param>
    /// <param name="mostWaiting">How many may wait before it.</param>
    /// <errors>ECONNREFUSED: the socket is closed. EPIPE: it receives no more. EAGAIN: too many wait.
    /// EFAULT, ENOMEM,
    /// ENOBUFS.</errors>
    internal IoResult AppendPacket(
        ref OutgoingMessage message, UnixSocket sender, int mostWaiting, Ucred? credentials)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (_isClosed) return Errno.ECONNREFUSED;
        if (_owner.CannotReceive) return Errno.EPIPE;
        if (_count > mostWaiting) return Errno.EAGAIN;
        if (!MayAddRecord) return Errno.ENOMEM;

        // The whole or nothing: the source stays as it was if this fails, because the call may try again.
        UserSource source = message.Data;
        int lengthBytes = source.RemainingBytes;
        Errno error = TryAppendLocked(ref source, lengthBytes);
        if (error != Errno.None) return error;
        message.Data = source;
        _ring.Commit(lengthBytes);

        MessageRecord record = TakeSpare();
        record.LengthBytes = lengthBytes;
        record.Credentials = credentials;
        record.SenderName = sender.BoundName;
        if (_owner.Settings.IsOn(SocketOption.SO_TIMESTAMP)) record.SentAt = Clock.Realtime;
        record.Sender = sender;
        record.ChargeBytes = ChargeOf(lengthBytes);
        sender.AddCharge(record.ChargeBytes);
        SendFilesLocked(ref message, record);
        AddLocked(record);
        return lengthBytes;
    }

    /// <summary>What a message of a length counts.</summary>
    internal static int ChargeOf(int lengthBytes) => lengthBytes + 2 * RecordBytes;

    /// <summary>Gives out the first message, as much of it as the destination takes; the rest is
    /// lost.</summary>
    /// <param name="peekOffset">Of a peek: how many bytes, of all messages, to pass over. Left over: how
    /// many of the
    /// message that was found.</param>
    /// <param name="lengthBytes">The whole length of the message, from where it was looked at.</param>
    /// <param name="sender">Who gets back room in the send buffer, and how much.</param>
    internal IoResult TakePacket(
        ref IncomingMessage message, bool isPeek, ref int peekOffset, bool wantsCredentials, out int lengthBytes,
        out UnixSocket? sender, out int chargeBytes)
    {
        sender = null;
        lengthBytes = 0;
        chargeBytes = 0;
        using SleepLock.Guard guard = _lock.Acquire();
        MessageRecord? record = _first;
        long at = _ring.End - _ring.LengthBytes;
        for (; isPeek && record is not null && peekOffset >= record.LengthBytes && peekOffset > 0; record = record.Next)
        {
            peekOffset -= record.LengthBytes;
            at += record.LengthBytes;
        }

        if (record is null) return Errno.EAGAIN;
        int skipped = isPeek ? peekOffset : 0;
        lengthBytes = record.LengthBytes - skipped;
        if (!message.Address.IsEmpty && record.SenderName is not null)
            message.AddressBytes = UnixName.Store(record.SenderName, message.Address);
        if (wantsCredentials) message.Credentials = record.Credentials ?? NobodysCredentials;

        if (_owner.Settings.IsOn(SocketOption.SO_TIMESTAMP))
            message.SentAt = record.SentAt.Value == 0 ? Clock.Realtime : record.SentAt;

        int wanted = int.Min(lengthBytes, message.Data.RemainingBytes);
        int moved = _ring.Copy(at + skipped, wanted, ref message.Data);
        if (moved == wanted) _ = TakeFilesLocked(ref message, record, isPeek);
        if (!isPeek)
        {
            // At a bad address, too: the message is gone, as on Linux; whoever called releases its files.
            sender = record.Sender;
            chargeBytes = record.ChargeBytes;
            LoseFilesLocked(ref message, record);
            _ring.Consume(record.LengthBytes);
            RemoveFirstLocked();
        }

        return moved < wanted ? Errno.EFAULT : moved;
    }

    private static void LoseFilesLocked(ref IncomingMessage message, MessageRecord record)
    {
        if (record.Files is not FilePackage package) return;
        record.Files = null;
        if (TravelingFiles.TryTake(package)) message.Files = package.Files;
    }
}
