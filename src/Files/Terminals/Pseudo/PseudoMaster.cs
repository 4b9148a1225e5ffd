using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Terminals;

/// <summary>The side of a pseudo-terminal that stands for the device: what is written to it has been typed,
/// and what it
/// reads would be on the screen.</summary>
/// <source>pty(7), ptmx(4), ioctl_tty(2).</source>
public sealed class PseudoMaster : OpenFile
{
    private const int PieceBytes = 256;
    private const uint ReadEvents = PollBits.POLLIN | PollBits.POLLRDNORM | PollBits.POLLPRI;
    private const uint WriteEvents = PollBits.POLLOUT | PollBits.POLLWRNORM;
    private const uint PeerFlags = OpenBits.O_ACCMODE | OpenBits.O_NOCTTY | OpenBits.O_NONBLOCK
        | OpenBits.O_CLOEXEC;

    private readonly SleepLock _readers = new(LockRank.TerminalUse);
    private readonly SleepLock _writers = new(LockRank.TerminalUse);
    private readonly Pseudoterminal _pair;
    private readonly PathLocation _names;

    /// <param name="names">The root of the devpts that the pair has its name in; its pins become the
    /// file's.</param>
    internal PseudoMaster(Pseudoterminal pair, Inode inode, in OpenRequest request, PathLocation names)
        : base(inode, request.Location, request.Flags)
    {
        _pair = pair;
        _names = names;
    }

    public override bool HasReadiness => true;
    public override bool KnowsOwner => true;

    public override bool WritesInPieces => true;

    /// <summary>TIOCGPTPEER: opens the slave without a path, which could lead elsewhere by now.</summary>
    /// <errors>EIO: it is locked. ENOENT: the devpts has been unmounted. Those of open(2).</errors>
    public bool TryOpenPeer(
        in FileCaller caller, uint flags, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        file = null;
        error = Errno.EINVAL;
        if ((flags & ~PeerFlags) != 0) return false;
        ByteBuilder name = new();
        name.Append((long)_pair.Number);
        return FileTree.TryOpen(caller, _names, name.Written, flags, 0, out file, out error);
    }

    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        if (destination.RemainingBytes == 0) return 0;

        using SleepLock.Guard guard = _readers.Acquire();
        Span<byte> piece = stackalloc byte[PieceBytes];
        int total = 0;
        while (destination.RemainingBytes > 0)
        {
            int wanted = Math.Min(piece.Length, destination.RemainingBytes);
            IoResult result = _pair.Port.Take(piece[..wanted], isFirst: total == 0, out bool hasMadeRoom);
            if (hasMadeRoom) _pair.Slave.NotifyOutputRoom();
            if (result.IsError) return total > 0 ? total : result;

            // Bytes for which the destination turns out bad are lost, as those of a terminal.
            int moved = destination.Write(piece[..(int)result.Count]);
            total += moved;
            if (moved < wanted) break;
        }

        return total == 0 && destination.HasFaulted ? Errno.EFAULT : total;
    }

    protected override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
    {
        if (source.RemainingBytes == 0) return 0;

        using SleepLock.Guard guard = _writers.Acquire();
        Span<byte> piece = stackalloc byte[PieceBytes];
        int total = 0;
        while (source.RemainingBytes > 0)
        {
            // Only what the terminal takes is taken from the program.
            UserSource ahead = source;
            int count = ahead.Read(piece);
            if (count == 0) return total > 0 ? total : Errno.EFAULT;
            int taken = _pair.Slave.Receive(piece[..count]);
            source.Skip(taken);
            total += taken;
            if (taken < count) break;
        }

        return total > 0 ? total : Errno.EAGAIN;
    }

    public override uint Poll(PollTable? table)
    {
        table?.Add(_pair.Port.Readers, ReadEvents | PollBits.POLLHUP);
        table?.Add(_pair.Port.Writers, WriteEvents | PollBits.POLLHUP);
        uint events = _pair.Port.ReadableEvents();
        if (_pair.Slave.HasInputRoom) events |= WriteEvents;
        return events;
    }

    public override IoResult Control(uint command, ulong argument)
    {
        UserAddress address = new(argument);
        switch (command)
        {
            case IoctlNumbers.TIOCGPTN:
                return Store(address, _pair.Number);
            case IoctlNumbers.TIOCSPTLCK:
                if (!UserMemory.TryRead(address, out int isLocked)) return Errno.EFAULT;
                _pair.IsLocked = isLocked != 0;
                return 0;
            case IoctlNumbers.TIOCGPTLCK:
                return Store(address, _pair.IsLocked ? 1 : 0);
            case IoctlNumbers.TIOCPKT:
                if (!UserMemory.TryRead(address, out int isPacketMode)) return Errno.EFAULT;
                _pair.Port.IsPacketMode = isPacketMode != 0;
                return 0;
            case IoctlNumbers.TIOCGPKT:
                return Store(address, _pair.Port.IsPacketMode ? 1 : 0);
            case IoctlNumbers.TIOCINQ:
                return Store(address, _pair.Port.AvailableBytes);
            case IoctlNumbers.TIOCGPGRP:
                return Store(address, _pair.Slave.Foreground?.Id ?? 0);
            case IoctlNumbers.TIOCGSID:
                return _pair.Slave.Session is TerminalSession session ? Store(address, session.Id) : Errno.ENOTTY;
            case IoctlNumbers.TIOCSCTTY:
            case IoctlNumbers.TIOCNOTTY:
            case IoctlNumbers.TIOCVHANGUP:
            case IoctlNumbers.TIOCSTI:
                // What makes a terminal of a session, which the master is not.
                return Errno.ENOTTY;
            default:
                return _pair.Slave.Control(command, argument, this);
        }
    }

    protected override void Closed()
    {
        _pair.CloseMaster();
        _names.Unpin();
    }

    private static IoResult Store(UserAddress address, int value)
        => UserMemory.TryWrite(address, value) ? 0 : Errno.EFAULT;
}
