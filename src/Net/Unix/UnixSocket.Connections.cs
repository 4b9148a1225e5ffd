using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Net;

/// <content>Connections: listen, connect, accept, and pairs.</content>
public abstract partial class UnixSocket
{
    // Who waits to be accepted, in the order of coming; SocketConnections, the count is polled.
    private UnixSocket? _firstPending;
    private UnixSocket? _lastPending;
    private UnixSocket? _nextPending;
    private int _pendingCount;
    private int _backlog;

    // On the other end's PeerWaiters while a datagram socket is connected: its room is ours.
    private RoomFollower? _follower;

    internal int PendingCount => Volatile.Read(ref _pendingCount);

    /// <summary>Made by a connect, and nobody has accepted it yet.</summary>
    internal bool IsUnaccepted { get; private set; }

    // As Linux counts: one more than the backlog says.
    private bool IsBacklogFull => PendingCount > _backlog;

    /// <summary>Two sockets that are connected to each other, each with one reference.</summary>
    /// <source>socketpair(2).</source>
    public static void Join(UnixSocket one, UnixSocket other)
    {
        PeerIdentity identity = PeerIdentity.OfCaller();
        using SleepLock.Guard guard = s_connections.Acquire();
        one.JoinLocked(other, identity);
        other.JoinLocked(one, identity);
    }

    private void JoinLocked(UnixSocket peer, PeerIdentity identity)
    {
        Volatile.Write(ref _peer, peer);
        _identity = identity;
        _state = UnixState.Connected;
        if (!IsConnectionBased) Follow(peer);
    }

    public override Errno Listen(int backlog)
    {
        if (!IsConnectionBased) return Errno.EOPNOTSUPP;
        PeerIdentity identity = PeerIdentity.OfCaller();
        using (s_connections.Acquire())
        {
            if (BoundName is null) return Errno.EINVAL;
            if (_state is not (UnixState.Unconnected or UnixState.Listening)) return Errno.EINVAL;
            _state = UnixState.Listening;

            // A negative number is a large one, as on Linux.
            _backlog = (int)uint.Min((uint)backlog, (uint)NetworkLimits.MostPendingConnections);
            _identity = identity;
        }

        PeerWaiters.WakeAll();
        return Errno.None;
    }

    // ---- connect
    // ------------------------------------------------------------------------------------------------

    public override Errno Connect(ReadOnlySpan<byte> address)
    {
        Nanoseconds deadline = Deadline(Settings.SendTimeout);
        while (true)
        {
            Errno error = Find(address, Type, out UnixSocket? listener);
            if (error == Errno.None) error = BindIfWanted();
            if (error == Errno.None) error = TryConnect(listener!);
            if (error == Errno.ESTALE) continue;
            if (error != Errno.EAGAIN || IsNonBlocking) return error;

            BacklogCondition condition = new(listener!);
            WakeReason reason = Sleep.UntilExclusive(
                listener!.PeerWaiters, ref condition, SleepMode.Interruptible, deadline);
            error = ErrorOf(reason, Settings.SendTimeout);
            if (error != Errno.None) return error;
        }
    }

    /// <errors>ESTALE: the listener was closed meanwhile; look again for who has the name.</errors>
    private Errno TryConnect(UnixSocket listener)
    {
        // Who waits to be accepted counts as an open file, too.
        Errno error = OpenFileLimit.Check(SocketCaller.Installed.Credentials);
        if (error != Errno.None) return error;
        UnixSocket accepted = Create(
            Type, SocketFilesystem.CreateInode(listener.Inode.Uid, listener.Inode.Gid), statusFlags: 0);
        PeerIdentity identity = PeerIdentity.OfCaller();
        using (s_connections.Acquire()) error = TryConnectLocked(listener, accepted, identity);
        if (error == Errno.None) listener.WakeReaders();
        else accepted.Release();
        return error;
    }

    private Errno TryConnectLocked(UnixSocket listener, UnixSocket accepted, PeerIdentity identity)
    {
        if (listener.IsClosed) return Errno.ESTALE;
        if (!listener.IsListening || listener.CannotReceive) return Errno.ECONNREFUSED;
        if (listener.IsBacklogFull) return Errno.EAGAIN;
        if (_state == UnixState.Connected) return Errno.EISCONN;
        if (_state != UnixState.Unconnected) return Errno.EINVAL;

        accepted.JoinLocked(this, identity);
        accepted._name = listener._name;
        accepted.IsUnaccepted = true;
        JoinLocked(accepted, listener._identity!);

        if (listener._lastPending is null) listener._firstPending = accepted;
        else listener._lastPending._nextPending = accepted;
        listener._lastPending = accepted;
        Volatile.Write(ref listener._pendingCount, listener._pendingCount + 1);
        return Errno.None;
    }

    /// <summary>Datagrams: only remembers where to.</summary>
    private protected void SetPeer(UnixSocket? peer)
    {
        using (s_connections.Acquire())
        {
            if (_peer is UnixSocket former) StopFollowing(former);
            Volatile.Write(ref _peer, peer);
            _state = peer is null ? UnixState.Unconnected : UnixState.Connected;
            if (peer is not null) Follow(peer);
        }

        WakeWriters();
    }

    // ---- accept
    // -------------------------------------------------------------------------------------------------

    public override Errno Accept(out Socket? socket)
    {
        socket = null;
        if (!IsConnectionBased) return Errno.EOPNOTSUPP;
        Nanoseconds deadline = Deadline(Settings.ReceiveTimeout);
        while (true)
        {
            Errno error = TryAccept(out UnixSocket? accepted);
            socket = accepted;
            if (error != Errno.EAGAIN || IsNonBlocking) return error;

            PendingCondition condition = new(this);
            WakeReason reason = Sleep.UntilExclusive(Readers, ref condition, SleepMode.Interruptible, deadline);
            error = ErrorOf(reason, Settings.ReceiveTimeout);
            if (error != Errno.None) return error;
        }
    }

    private Errno TryAccept(out UnixSocket? accepted)
    {
        accepted = null;
        using (s_connections.Acquire())
        {
            if (!IsListening) return Errno.EINVAL;
            if (_firstPending is null) return CannotReceive && !IsNonBlocking ? Errno.EINVAL : Errno.EAGAIN;
            accepted = _firstPending;
            _firstPending = accepted._nextPending;
            if (_firstPending is null) _lastPending = null;
            accepted._nextPending = null;
            accepted.IsUnaccepted = false;
            Volatile.Write(ref _pendingCount, _pendingCount - 1);
        }

        accepted.Settings.Switch(SocketOption.SO_PASSCRED, Settings.IsOn(SocketOption.SO_PASSCRED));
        accepted.Settings.Switch(SocketOption.SO_PASSSEC, Settings.IsOn(SocketOption.SO_PASSSEC));
        PeerWaiters.Wake();
        return Errno.None;
    }

    /// <summary>All who wait, because nobody will accept them; a chain.</summary>
    private UnixSocket? TakePendingLocked()
    {
        UnixSocket? first = _firstPending;
        _firstPending = null;
        _lastPending = null;
        Volatile.Write(ref _pendingCount, 0);
        return first;
    }

    private UnixSocket? TakeNextPending()
    {
        UnixSocket? next = _nextPending;
        _nextPending = null;
        return next;
    }

    /// <summary>What a listener holds beside its own messages: those of connections that wait in it. From
    /// the socket itself
    /// to null; SocketConnections.</summary>
    internal UnixSocket? NextHolder(UnixSocket holder)
        => ReferenceEquals(holder, this) ? _firstPending : holder._nextPending;

    // ---- waiting
    // ------------------------------------------------------------------------------------------------

    private void Follow(UnixSocket peer)
    {
        _follower ??= new RoomFollower(this);
        peer.PeerWaiters.Add(_follower);
    }

    private void StopFollowing(UnixSocket peer) => peer.PeerWaiters.Remove(_follower!);

    private readonly struct BacklogCondition(UnixSocket listener) : ISleepCondition
    {
        public bool IsMet() => !listener.IsBacklogFull || !listener.IsListening || listener.CannotReceive;
    }

    private readonly struct PendingCondition(UnixSocket listener) : ISleepCondition
    {
        public bool IsMet() => listener.PendingCount > 0 || !listener.IsListening || listener.CannotReceive;
    }

    /// <summary>Hears that the other end has room again, and tells the writers of this one.</summary>
    private sealed class RoomFollower(UnixSocket owner) : WaitEntry
    {
        private readonly WriterRelay _relay = new(owner);

        public override bool OnWake(uint events)
        {
            if (!owner.Writers.IsEmpty) _relay.Ask();
            return false;
        }
    }

    private sealed class WriterRelay(UnixSocket owner) : WakeRelay
    {
        public override void PassOn() => owner.WakeWriters();
    }
}
