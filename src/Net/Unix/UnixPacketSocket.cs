using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Net;

/// <summary>A socket for messages that stay whole: datagrams, or sequenced packets over a
/// connection.</summary>
/// <source>unix(7), SOCK_DGRAM and SOCK_SEQPACKET.</source>
internal sealed class UnixPacketSocket(int type, Inode inode, uint statusFlags)
    : UnixSocket(type, inode, statusFlags)
{
    // What Linux keeps of the send buffer for itself.
    private const int SparedBytes = 32;

    private int _chargeBytes;

    private protected override int UnreceivedBytes => Volatile.Read(ref _chargeBytes);

    protected override IoResult InputBytes => IsListening ? Errno.EINVAL : IsConnectionBased ? Queue.LengthBytes : Queue.FirstBytes;

    internal override void AddCharge(int bytes) => _ = Interlocked.Add(ref _chargeBytes, bytes);

    internal override void DropCharge(int bytes)
    {
        _ = Interlocked.Add(ref _chargeBytes, -bytes);
        if (IsRoomy) WakeWriters();
    }

    // ---- connect
    // ------------------------------------------------------------------------------------------------

    /// <summary>A datagram socket only remembers where its messages go, and takes them from nobody else.
    /// AF_UNSPEC makes it
    /// forget.</summary>
    /// <errors>EPERM: the other is connected to somebody else.</errors>
    public override Errno Connect(ReadOnlySpan<byte> address)
    {
        if (IsConnectionBased) return base.Connect(address);
        if (address.Length < UnixName.FamilyBytes) return Errno.EINVAL;
        UnixSocket? target = null;
        if (address[0] != SocketDomain.AF_UNSPEC || address[1] != 0)
        {
            Errno error = BindIfWanted();
            if (error == Errno.None) error = Find(address, Type, out target);
            if (error != Errno.None) return error;
            if (!TakesFromUs(target!)) return Errno.EPERM;
        }

        UnixSocket? former = Connected;
        SetPeer(target);
        if (former is not null && !ReferenceEquals(former, target)) Disconnected(former);
        return Errno.None;
    }

    // One that is closed takes nothing, but that is another error.
    private bool TakesFromUs(UnixSocket target)
        => target.IsClosed || target.Connected is not UnixSocket other || ReferenceEquals(other, this);

    /// <summary>Messages of a former partner are lost, and it is told so.</summary>
    private void Disconnected(UnixSocket former)
    {
        if (!Queue.HasRecords) return;
        DiscardedFiles.Add(Queue.Purge());
        PeerWaiters.WakeAll();
        if (!former.IsClosed && ReferenceEquals(former.Connected, this)) former.ResetBy();
    }

    // ---- send
    // ---------------------------------------------------------------------------------------------------

    private static int MostWaiting => NetworkLimits.MostPendingDatagrams;

    /// <errors>ENOTCONN: no address, and not connected. EMSGSIZE: more than fits the send buffer.
    /// ECONNREFUSED: nobody
    /// there. EPERM: it takes messages from another only. EPIPE. EAGAIN. And those of paths.</errors>
    protected override IoResult TrySend(ref OutgoingMessage message)
    {
        message.FullTarget = null;
        if (IsConnectionBased && State != UnixState.Connected) return Errno.ENOTCONN;
        if (message.Has(SocketMessageBits.MSG_OOB)) return Errno.EOPNOTSUPP;
        UnixSocket? target = Connected;
        bool isAddressed = !message.Address.IsEmpty && !IsConnectionBased;
        if (isAddressed)
        {
            Errno invalid = UnixName.Parse(message.Address, out ReadOnlySpan<byte> path);
            if (invalid != Errno.None) return invalid;
            if (path.IsEmpty) return Errno.EINVAL;
        }
        else if (target is null)
        {
            return Errno.ENOTCONN;
        }

        if (message.Data.RemainingBytes > Settings.SendBufferBytes - SparedBytes) return Errno.EMSGSIZE;
        Errno error = BindIfWanted();
        if (error == Errno.None) error = TakeError();
        if (error != Errno.None) return error;
        if (CannotSend) return Errno.EPIPE;
        if (UnreceivedBytes >= Settings.SendBufferBytes) return Errno.EAGAIN;
        if (isAddressed) error = Find(message.Address, Type, out target);
        if (error == Errno.None && !TakesFromUs(target!)) error = Errno.EPERM;
        return error == Errno.None ? SendTo(target!, ref message, isAddressed) : error;
    }

    private IoResult SendTo(UnixSocket target, ref OutgoingMessage message, bool isAddressed)
    {
        Ucred? credentials = message.Credentials;
        if (credentials is null && (WantsCredentials || target.WantsCredentials))
            credentials = SocketCaller.Installed.Sender;

        // Who is connected to us, or is ourselves, is limited by our buffer alone.
        bool isPartner = ReferenceEquals(target, this) || ReferenceEquals(target.Connected, this);
        int most = isPartner ? int.MaxValue : MostWaiting;
        IoResult result = target.Queue.AppendPacket(ref message, this, most, credentials);
        if (!result.IsError) target.WakeReaders();
        else if (result.Error == Errno.EAGAIN) message.FullTarget = target;
        else if (result.Error == Errno.ECONNREFUSED) return Refused(target, isAddressed);
        return result;
    }

    /// <summary>The other end is closed: a datagram socket is not connected to it any longer.</summary>
    private IoResult Refused(UnixSocket target, bool isAddressed)
    {
        if (IsConnectionBased) return Errno.EPIPE;
        if (!isAddressed && ReferenceEquals(Connected, target))
        {
            SetPeer(null);
            Disconnected(target);
        }

        return Errno.ECONNREFUSED;
    }

    /// <summary>Whether it takes a message more of a sender that is not its partner.</summary>
    private static bool IsFull(UnixSocket target) => target.Queue.Count > MostWaiting && !target.IsClosed;

    protected override bool HasRoom => HasRoomToPoll || CannotSend || HasError;

    private protected override bool HasRoomToPoll
        => IsRoomy && (Connected is not UnixSocket peer || ReferenceEquals(peer.Connected, this)
            || ReferenceEquals(peer, this) || !IsFull(peer));

    private protected override bool HasRoomFor(in OutgoingMessage message)
        => message.FullTarget is UnixSocket target ? !IsFull(target) : HasRoom;

    private protected override WakeReason WaitForRoom(in OutgoingMessage message, Nanoseconds deadline)
    {
        if (message.FullTarget is not UnixSocket target) return base.WaitForRoom(in message, deadline);
        TargetCondition condition = new(target);
        return Sleep.Until(target.PeerWaiters, ref condition, SleepMode.Interruptible, deadline);
    }

    private readonly struct TargetCondition(UnixSocket target) : ISleepCondition
    {
        public bool IsMet() => !IsFull(target) || target.CannotReceive;
    }

    // ---- receive
    // ------------------------------------------------------------------------------------------------

    /// <errors>ENOTCONN: sequenced packets without a connection. EAGAIN. EOPNOTSUPP: MSG_OOB.
    /// ECONNRESET.</errors>
    protected override IoResult TryReceive(ref IncomingMessage message)
    {
        if (IsConnectionBased && State != UnixState.Connected) return Errno.ENOTCONN;
        if (message.Has(SocketMessageBits.MSG_OOB)) return Errno.EOPNOTSUPP;
        Errno pending = TakeError();
        if (pending != Errno.None) return pending;

        bool isPeek = message.Has(SocketMessageBits.MSG_PEEK);
        int offset = int.Max(Settings.PeekOffset, 0);
        bool wasFull = Queue.Count > MostWaiting;
        IoResult result = Queue.TakePacket(
            ref message, isPeek, ref offset, Settings.IsOn(SocketOption.SO_PASSCRED), out int lengthBytes,
            out UnixSocket? sender, out int chargeBytes);
        if (result.Error == Errno.EAGAIN) return OfNothing(in message);

        sender?.DropCharge(chargeBytes);
        if (!isPeek && wasFull) PeerWaiters.Wake(OutputEvents);
        if (result.IsError) return result;

        int copied = (int)result.Count;
        if (Settings.PeekOffset >= 0) MovePeekOffset(isPeek, isPeek ? copied : lengthBytes);
        if (copied == lengthBytes) return copied;
        message.ResultFlags |= SocketMessageBits.MSG_TRUNC;
        return message.Has(SocketMessageBits.MSG_TRUNC) ? lengthBytes : copied;
    }

    // A datagram socket that is shut down ends a wait with nothing, and is empty for who does not wait.
    private IoResult OfNothing(in IncomingMessage message)
    {
        if (!CannotReceive) return Errno.EAGAIN;
        bool waits = !IsNonBlocking && !message.Has(SocketMessageBits.MSG_DONTWAIT);
        return IsConnectionBased || waits ? 0 : Errno.EAGAIN;
    }
}
