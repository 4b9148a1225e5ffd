using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Net;

/// <summary>A connection that carries bytes in order.</summary>
/// <source>unix(7), SOCK_STREAM.</source>
internal sealed class UnixStreamSocket(Inode inode, uint statusFlags)
    : UnixSocket(SocketType.SOCK_STREAM, inode, statusFlags)
{
    // All that waits at the other end is ours.
    private protected override int UnreceivedBytes => Connected is UnixSocket peer ? peer.Queue.ChargeBytes : 0;

    protected override bool HasInput => Queue.HasOrdinary || HasError || CannotReceive;

    protected override IoResult InputBytes => IsListening ? Errno.EINVAL : Queue.LengthBytes;

    /// <errors>EOPNOTSUPP: an address, or MSG_OOB without a byte. EISCONN: an address although connected.
    /// ENOTCONN. EPIPE.</errors>
    protected override IoResult TrySend(ref OutgoingMessage message)
    {
        bool isUrgent = message.Has(SocketMessageBits.MSG_OOB);
        if (isUrgent && message.Data.RemainingBytes == 0) return Errno.EOPNOTSUPP;
        if (!message.Address.IsEmpty) return State == UnixState.Connected ? Errno.EISCONN : Errno.EOPNOTSUPP;
        if (Connected is not UnixSocket peer) return Errno.ENOTCONN;
        if (CannotSend) return Errno.EPIPE;
        if (message.Data.RemainingBytes == 0) return 0;

        Ucred? credentials = message.Credentials;
        if (credentials is null && (WantsCredentials || peer.WantsCredentials))
            credentials = SocketCaller.Installed.Sender;
        IoResult result = peer.Queue.AppendToStream(ref message, Settings.SendBufferBytes, credentials);
        if (result.IsError) return result;
        if (isUrgent) peer.Owner?.SendUrgent();
        peer.WakeReaders(isUrgent ? PollBits.POLLPRI : 0);
        return result;
    }

    /// <errors>EINVAL: not connected, which is what Linux says of streams. ECONNRESET: the other end was
    /// closed with bytes
    /// unread, after all that had come.</errors>
    protected override IoResult TryReceive(ref IncomingMessage message)
    {
        if (State != UnixState.Connected) return Errno.EINVAL;
        bool isPeek = message.Has(SocketMessageBits.MSG_PEEK);
        if (message.Has(SocketMessageBits.MSG_OOB)) return Queue.TakeUrgent(ref message, isPeek);

        int offset = Settings.PeekOffset;
        bool wantsCredentials = Settings.IsOn(SocketOption.SO_PASSCRED);
        IoResult result = Queue.TakeFromStream(
            ref message, isPeek, isPeek ? int.Max(offset, 0) : 0, wantsCredentials);
        if (result.Error == Errno.EAGAIN) return OfNothing(ref message);
        if (result.IsError) return result;

        if (offset >= 0) MovePeekOffset(isPeek, (int)result.Count);
        if (!isPeek && Connected is UnixStreamSocket { IsRoomy: true } peer) peer.WakeWriters();
        return result;
    }

    private IoResult OfNothing(ref IncomingMessage message)
    {
        Errno error = TakeError();
        if (error != Errno.None) return error;
        if (!CannotReceive) return Errno.EAGAIN;
        message.IsComplete = true;
        return 0;
    }
}
