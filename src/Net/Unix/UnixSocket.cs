using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Net;

/// <summary>A socket between processes of this machine. This part has state, readiness and end;
/// <c>UnixSocket.Names.cs</c> names and <c>UnixSocket.Connections.cs</c> connections.</summary>
/// <remarks>Each socket has a queue of what was sent to it. Senders put messages there under the queue's
/// lock, and look
/// there whether the receiver is still one.</remarks>
/// <locking>SocketConnections, one for all: names, states, peers, who waits to be accepted. The queue's
/// lock: its
/// contents, and the end of receiving. Fields that are polled are read without; whoever changes them wakes
/// the
/// waiters afterwards.</locking>
/// <source>unix(7), socket(7).</source>
public abstract partial class UnixSocket : Socket
{
    private static readonly SleepLock s_connections = new(LockRank.SocketConnections);

    private UnixState _state;
    private UnixSocket? _peer;
    private uint _ends;
    private PeerIdentity? _identity;

    private protected UnixSocket(int type, Inode inode, uint statusFlags)
        : base(SocketDomain.AF_UNIX, type, 0, inode, statusFlags)
    {
        Queue = new MessageQueue(this);
        UnixSockets.Add(this);
    }

    /// <param name="type">SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET; SOCK_RAW is the same as
    /// SOCK_DGRAM.</param>
    /// <param name="statusFlags">O_NONBLOCK or nothing.</param>
    /// <errors>ESOCKTNOSUPPORT.</errors>
    public static Errno Create(int type, uint statusFlags, out UnixSocket? socket)
    {
        socket = null;
        if (type == SocketType.SOCK_RAW) type = SocketType.SOCK_DGRAM;
        if (type is not (SocketType.SOCK_STREAM or SocketType.SOCK_DGRAM or SocketType.SOCK_SEQPACKET))
            return Errno.ESOCKTNOSUPPORT;

        Credentials owner = SocketCaller.Installed.Credentials;
        socket = Create(type, SocketFilesystem.CreateInode(owner.Fsuid, owner.Fsgid), statusFlags);
        return Errno.None;
    }

    private static UnixSocket Create(int type, Inode inode, uint statusFlags)
        => type == SocketType.SOCK_STREAM
            ? new UnixStreamSocket(inode, statusFlags)
            : new UnixPacketSocket(type, inode, statusFlags);

    internal static SleepLock.Guard AcquireConnections() => s_connections.Acquire();

    /// <summary>What was sent to it.</summary>
    internal MessageQueue Queue { get; }

    /// <summary>Those who wait until it takes more: senders without a connection, and who wants to
    /// connect.</summary>
    internal WaitQueue PeerWaiters { get; } = new();

    /// <summary>Whom it is connected to. Of streams it stays when the other end is closed.</summary>
    internal UnixSocket? Connected => Volatile.Read(ref _peer);

    internal UnixState State => _state;
    internal bool IsClosed => _state == UnixState.Closed;
    internal bool CannotReceive => (Volatile.Read(ref _ends) & (uint)ShutdownEnds.Receive) != 0;
    internal bool CannotSend => (Volatile.Read(ref _ends) & (uint)ShutdownEnds.Send) != 0;

    private protected bool IsConnectionBased => Type != SocketType.SOCK_DGRAM;

    public override bool IsListening => _state == UnixState.Listening;
    public override PeerIdentity? Peer => _identity;

    /// <summary>Whether messages to it are to say who they are from.</summary>
    internal bool WantsCredentials => Settings.IsOn(SocketOption.SO_PASSCRED) || IsUnaccepted;

    /// <summary>What counts against the send buffer.</summary>
    private protected abstract int UnreceivedBytes { get; }

    /// <summary>A message of this socket waits to be received.</summary>
    internal virtual void AddCharge(int bytes)
    {
    }

    /// <summary>It was received, or lost.</summary>
    internal virtual void DropCharge(int bytes)
    {
    }

    /// <summary>Peeks begin behind what was peeked; what is received moves the front.</summary>
    /// <source>socket(7), SO_PEEK_OFF.</source>
    private protected void MovePeekOffset(bool isPeek, int lengthBytes)
        => Settings.PeekOffset = isPeek
            ? Settings.PeekOffset + lengthBytes
            : int.Max(Settings.PeekOffset - lengthBytes, 0);

    /// <summary>The partner has turned to another, and what we sent is lost.</summary>
    internal void ResetBy()
    {
        SetError(Errno.ECONNRESET);
        WakeAll();
    }

    // ---- readiness
    // ----------------------------------------------------------------------------------------------

    internal bool IsRoomy => UnreceivedBytes <= Settings.SendBufferBytes / 4;

    protected override bool HasInput => Queue.HasRecords || HasError || CannotReceive;

    protected override bool HasRoom => IsRoomy || CannotSend;

    public override uint Poll(PollTable? table)
    {
        table?.Add(Readers, InputEvents | PollBits.POLLPRI | PollBits.POLLRDHUP | PollBits.POLLHUP | PollBits.POLLERR);
        table?.Add(Writers, OutputEvents | PollBits.POLLHUP | PollBits.POLLERR);
        uint events = HasError ? PollBits.POLLERR : 0;
        uint ends = Volatile.Read(ref _ends);
        if (ends == (uint)ShutdownEnds.Both) events |= PollBits.POLLHUP;
        if ((ends & (uint)ShutdownEnds.Receive) != 0) events |= PollBits.POLLRDHUP | InputEvents;
        if (IsListening ? PendingCount > 0 : Queue.HasRecords) events |= InputEvents;
        if (Queue.HasUrgent) events |= PollBits.POLLPRI;
        if (IsConnectionBased && _state == UnixState.Unconnected) events |= PollBits.POLLHUP;
        if (!IsListening && HasRoomToPoll) events |= OutputEvents;
        return events;
    }

    private protected virtual bool HasRoomToPoll => IsRoomy;

    internal void WakeWriters() => Writers.Wake(OutputEvents);

    internal void WakeReaders(uint moreEvents = 0) => Readers.Wake(InputEvents | moreEvents);

    private void WakeAll()
    {
        Readers.WakeAll(AllEvents);
        Writers.WakeAll(AllEvents);
    }

    protected override IoResult OutputBytes => UnreceivedBytes;

    protected override bool IsAtMark => Queue.IsAtMark;

    // ---- the end
    // ------------------------------------------------------------------------------------------------

    public override Errno Shutdown(ShutdownEnds ends)
    {
        UnixSocket? peer = null;
        using (s_connections.Acquire())
        {
            _ = Interlocked.Or(ref _ends, (uint)ends);
            if (IsConnectionBased) peer = _peer;
            if (peer is not null)
            {
                ShutdownEnds mirrored = ShutdownEnds.None;
                if ((ends & ShutdownEnds.Receive) != 0) mirrored |= ShutdownEnds.Send;
                if ((ends & ShutdownEnds.Send) != 0) mirrored |= ShutdownEnds.Receive;
                _ = Interlocked.Or(ref peer._ends, (uint)mirrored);
            }
        }

        WakeAll();
        PeerWaiters.WakeAll();
        peer?.WakeAll();
        return Errno.None;
    }

    protected override void Closed()
    {
        UnixSocket? peer;
        UnixSocket? unaccepted;
        using (s_connections.Acquire())
        {
            UnixSockets.RemoveLocked(this);
            _state = UnixState.Closed;
            _ = Interlocked.Or(ref _ends, (uint)ShutdownEnds.Both);
            unaccepted = TakePendingLocked();
            peer = LeavePeerLocked();
        }

        PeerWaiters.WakeAll();
        peer?.WakeAll();
        if (OwnsName) BoundName!.Inode?.ReleaseUser();
        DiscardedFiles.Add(Queue.Close());
        while (unaccepted is not null)
        {
            UnixSocket next = unaccepted;
            unaccepted = next.TakeNextPending();
            next.Release();
        }
    }

    /// <summary>Tells the other end of a connection that this one is gone.</summary>
    /// <returns>Who is to be woken.</returns>
    private UnixSocket? LeavePeerLocked()
    {
        UnixSocket? peer = _peer;
        if (peer is null) return null;
        if (!IsConnectionBased)
        {
            StopFollowing(peer);
            return null;
        }

        // unix(7), ECONNRESET: what was not received is lost, and the sender is told.
        _ = Interlocked.Or(ref peer._ends, (uint)ShutdownEnds.Both);
        if (Queue.HasRecords || IsUnaccepted) peer.SetError(Errno.ECONNRESET);
        return peer;
    }

    /// <source>proc_pid_fdinfo(5): the descriptors that wait to be received.</source>
    public override bool AppendDetails(ByteBuilder text, ref long position)
    {
        text.Append("scm_fds: "u8).Append((long)Queue.CountFiles()).Append((byte)'\n');
        return false;
    }

    // ---- files in messages, see TravelingFiles
    // ------------------------------------------------------------------

    /// <summary>Files that wait in this socket; TravelingFiles' lock, as for all that follows.</summary>
    internal FilePackage? FirstPackage;

    internal UnixSocket? NextTraveling;
    internal UnixSocket? PreviousTraveling;
    internal TravelingCircles.Note Search;

    /// <summary>One of its references waits in a message. True for the first.</summary>
    internal bool AddTravelingReference() => ++TravelingReferences == 1;

    /// <summary>True for the last.</summary>
    internal bool DropTravelingReference() => --TravelingReferences == 0;

    internal TravelingCircles.Note BeginSearch()
        => new() { IsCandidate = IsOnlyTraveling, References = TravelingReferences };

    protected override void OnlyTravels()
    {
        // What holds nothing is in no circle. Whoever puts something into it now has got hold of it, or of
        // its other end,
        // and will let go of that.
        if (FirstPackage is null && PendingCount == 0) return;
        TravelingCircles.Search();
    }
}
