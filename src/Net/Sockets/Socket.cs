using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Tasks;

namespace Cashew.Net;

/// <summary>A socket of any family, as an open file. This part has what all have; <c>Socket.Transfer.cs</c>
/// moves messages and waits. A family answers the abstract members, none of which waits for
/// anything.</summary>
public abstract partial class Socket : OpenFile
{
    protected const uint InputEvents = PollBits.POLLIN | PollBits.POLLRDNORM;
    protected const uint OutputEvents = PollBits.POLLOUT | PollBits.POLLWRNORM | PollBits.POLLWRBAND;
    protected const uint AllEvents = InputEvents | OutputEvents | PollBits.POLLHUP | PollBits.POLLRDHUP
        | PollBits.POLLERR;

    private int _error;

    /// <param name="inode">Of <see cref="SocketFilesystem"/>, with a user for this file.</param>
    /// <param name="statusFlags">O_NONBLOCK or nothing.</param>
    protected Socket(int domain, int type, int protocol, Inode inode, uint statusFlags)
        : base(inode, default, OpenBits.O_RDWR | statusFlags)
    {
        Domain = domain;
        Type = type;
        Protocol = protocol;
    }

    public int Domain { get; }
    public int Type { get; }
    public int Protocol { get; }

    public SocketSettings Settings { get; } = new();

    /// <summary>Those who wait for something to receive or accept.</summary>
    internal WaitQueue Readers { get; } = new();

    /// <summary>Those who wait for room to send.</summary>
    internal WaitQueue Writers { get; } = new();

    /// <summary>Whether a message is a run of bytes that may be divided and joined.</summary>
    public bool IsStream => Type == SocketType.SOCK_STREAM;

    /// <summary>Whether sending when nobody receives any more raises SIGPIPE. Only streams do, as on
    /// Linux.</summary>
    public override bool RaisesBrokenPipe => IsStream;

    public override bool HasReadiness => true;
    public override bool KnowsOwner => true;
    public override bool WritesInPieces => true;

    // ---- what a family does
    // -----------------------------------------------------------------------------------

    /// <errors>EINVAL: it has a name, or the address is none. EADDRINUSE. And those of paths.</errors>
    public abstract Errno Bind(ReadOnlySpan<byte> address);

    /// <errors>EOPNOTSUPP: sockets of this type do not. EINVAL: it has no name, or is connected.</errors>
    public abstract Errno Listen(int backlog);

    /// <summary>Connects; waits while the other end has as many to accept as it wants to have.</summary>
    /// <errors>EAGAIN: it would have to wait. ECONNREFUSED, EISCONN, EPROTOTYPE...</errors>
    public abstract Errno Connect(ReadOnlySpan<byte> address);

    /// <summary>Waits for a connection and takes it.</summary>
    /// <param name="socket">With one reference, which is the caller's.</param>
    /// <errors>EOPNOTSUPP, EINVAL: does not listen. EAGAIN.</errors>
    public abstract Errno Accept(out Socket? socket);

    /// <returns>The length of the address.</returns>
    public abstract int GetName(Span<byte> address);

    /// <errors>ENOTCONN.</errors>
    public abstract Errno GetPeerName(Span<byte> address, out int lengthBytes);

    /// <param name="ends">What to end, as <see cref="ShutdownEnds"/>.</param>
    public abstract Errno Shutdown(ShutdownEnds ends);

    /// <summary>SO_ACCEPTCONN.</summary>
    public abstract bool IsListening { get; }

    /// <summary>Who is at the other end; null if nobody.</summary>
    public virtual PeerIdentity? Peer => null;

    /// <summary>Bytes that a receive call would find, for FIONREAD.</summary>
    protected abstract IoResult InputBytes { get; }

    /// <summary>What is sent and not yet received, for SIOCOUTQ.</summary>
    protected abstract IoResult OutputBytes { get; }

    /// <summary>SO_SNDBUF has been set: there may be room now.</summary>
    internal void BufferChanged() => Writers.Wake(OutputEvents);

    /// <summary>An error that came after a part was done, for the next call.</summary>
    /// <source>recvmmsg(2), "BUGS".</source>
    public void KeepError(Errno error) => SetError(error);

    /// <summary>SIOCATMARK: the next byte is the urgent one.</summary>
    protected virtual bool IsAtMark => false;

    // ---- what all have
    // ----------------------------------------------------------------------------------------

    /// <summary>What has gone wrong since somebody asked last: SO_ERROR.</summary>
    public Errno TakeError()
        => Volatile.Read(ref _error) == 0 ? Errno.None : (Errno)Interlocked.Exchange(ref _error, 0);

    protected bool HasError => Volatile.Read(ref _error) != 0;

    protected void SetError(Errno error) => Volatile.Write(ref _error, (int)error);

    public override IoResult Control(uint command, ulong argument)
    {
        IoResult value;
        switch (command)
        {
            case IoctlNumbers.FIONREAD:
                value = InputBytes;
                break;
            case IoctlNumbers.TIOCOUTQ:
                value = OutputBytes;
                break;
            case IoctlNumbers.SIOCATMARK:
                if (!IsStream) return Errno.EOPNOTSUPP;
                value = IsAtMark ? 1 : 0;
                break;
            default:
                return Errno.ENOTTY;
        }

        if (value.IsError) return value;
        return Machine.UserMemory.TryWrite(new Machine.UserAddress(argument), (int)value.Count) ? 0 : Errno.EFAULT;
    }

    public override void AppendName(ByteBuilder text, PathLocation root)
        => text.Append("socket:["u8).Append(Inode.Number).Append((byte)']');
}
