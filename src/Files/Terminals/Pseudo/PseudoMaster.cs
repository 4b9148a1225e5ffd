using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
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
    private const byte StopKey = 'S' & 0x1F;
    private const byte StartKey = 'Q' & 0x1F;
    private const uint ReadEvents = PollBits.POLLIN | PollBits.POLLRDNORM | PollBits.POLLPRI;
    private const uint WriteEvents = PollBits.POLLOUT | PollBits.POLLWRNORM;
    private const uint PeerFlags = OpenBits.O_ACCMODE | OpenBits.O_NOCTTY | OpenBits.O_NONBLOCK
        | OpenBits.O_CLOEXEC;

    private readonly SleepLock _readers = new(LockRank.TerminalUse);
    private readonly SleepLock _writers = new(LockRank.TerminalUse);
    private readonly Pseudoterminal _pair;
    private readonly PathLocation _names;

    // By TIOCVHANGUP on this side: nothing goes either way any more. By TCXONC: nothing is typed.
    private bool _isHungUp;
    private bool _isStopped;
    private bool _isExclusive;

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
    /// <errors>EIO: it is locked. ENOENT: the devpts has been unmounted. EBUSY. Those of open(2), but that
    /// permissions do not count: who has the master has the terminal.</errors>
    public bool TryOpenPeer(
        in FileCaller caller, uint flags, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        file = null;
        flags &= PeerFlags; // what else there is means nothing here
        ByteBuilder name = new();
        name.Append((long)_pair.Number);
        FileCaller asRoot = caller.As(Credentials.ForRoot());
        return FileTree.TryOpen(asRoot, _names, name.Written, flags, 0, out file, out error);
    }

    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        if (destination.RemainingBytes == 0 || Volatile.Read(ref _isHungUp)) return 0;

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
        if (Volatile.Read(ref _isHungUp)) return Errno.EIO;
        if (source.RemainingBytes == 0) return 0;
        if (Volatile.Read(ref _isStopped)) return Errno.EAGAIN;

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

    /// <summary>That nobody has the other side open is no reason for a writer to go on: there is no more room
    /// for it.</summary>
    protected internal override bool IsWriteReady(PollTable? table, in UserSource source)
        => (Poll(table) & WriteEvents) != 0;

    public override uint Poll(PollTable? table)
    {
        table?.Add(_pair.Port.Readers, ReadEvents | PollBits.POLLHUP);
        table?.Add(_pair.Port.Writers, WriteEvents | PollBits.POLLHUP);
        if (Volatile.Read(ref _isHungUp)) return TerminalFile.HungUpEvents;
        uint events = _pair.Port.ReadableEvents();
        if (!Volatile.Read(ref _isStopped) && _pair.Slave.HasInputRoom) events |= WriteEvents;
        return events;
    }

    public override IoResult Control(uint command, ulong argument)
    {
        UserAddress address = new(argument);
        if (Volatile.Read(ref _isHungUp)) return command == IoctlNumbers.TIOCSPGRP ? Errno.ENOTTY : Errno.EIO;
        switch (command)
        {
            case IoctlNumbers.TIOCSIG:
                return Signal(argument);
            case IoctlNumbers.TIOCVHANGUP:
                return HangUp();
            case IoctlNumbers.TIOCSTI:
                return TypeToMaster(address);
            case IoctlNumbers.TCXONC:
                return ControlFlow((int)argument);
            case IoctlNumbers.TCFLSH:
                return Flush(argument);
            case IoctlNumbers.TIOCEXCL:
            case IoctlNumbers.TIOCNXCL:
                // Each open of /dev/ptmx is another terminal: there is nobody whom this could exclude.
                Volatile.Write(ref _isExclusive, command == IoctlNumbers.TIOCEXCL);
                return 0;
            case IoctlNumbers.TIOCGEXCL:
                return Store(address, Volatile.Read(ref _isExclusive) ? 1 : 0);
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
            case IoctlNumbers.TIOCNOTTY:
                // The master is no terminal of a session.
                return Errno.ENOTTY;
            default:
                return _pair.Slave.Control(command, argument, this);
        }
    }

    /// <summary>TIOCSIG: as if the key for it had been typed, but that nothing is flushed.</summary>
    /// <errors>EINVAL: there is no key for such a signal.</errors>
    private IoResult Signal(ulong signal)
    {
        if (signal is not (Signals.SIGINT or Signals.SIGQUIT or Signals.SIGTSTP)) return Errno.EINVAL;
        _pair.Slave.Foreground?.SendSignal((int)signal);
        return 0;
    }

    private IoResult HangUp()
    {
        if (!JobControl.Installed.CallerHas(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        Volatile.Write(ref _isHungUp, true);
        _pair.Port.Readers.WakeAll(ReadEvents | PollBits.POLLHUP);
        _pair.Port.Writers.WakeAll(WriteEvents | PollBits.POLLHUP);
        return 0;
    }

    /// <summary>TIOCSTI on this side: the byte is read here, as if the terminal had sent it.</summary>
    /// <errors>EPERM: not CAP_SYS_ADMIN, as a master controls nobody. EFAULT.</errors>
    private IoResult TypeToMaster(UserAddress address)
    {
        if (!JobControl.Installed.CallerHas(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        if (!UserMemory.TryRead(address, out byte typed)) return Errno.EFAULT;
        _ = _pair.Port.Write([typed]); // no room: dropped, as what is typed would be
        return 0;
    }

    /// <summary>What waits to be read here; what was typed is at the other side already.</summary>
    /// <errors>EINVAL: an unknown queue.</errors>
    private IoResult Flush(ulong queue)
    {
        if (queue > TerminalAction.TCIOFLUSH) return Errno.EINVAL;
        if (queue != TerminalAction.TCOFLUSH)
        {
            _pair.Port.Clear();
            _pair.Slave.NotifyOutputRoom();
        }

        return 0;
    }

    /// <summary>What goes out on this side is what is typed on the other.</summary>
    /// <errors>EINVAL: an unknown action.</errors>
    private IoResult ControlFlow(int action)
    {
        switch (action)
        {
            case TerminalAction.TCOOFF:
                Volatile.Write(ref _isStopped, true);
                return 0;
            case TerminalAction.TCOON:
                Volatile.Write(ref _isStopped, false);
                _pair.Port.Writers.Wake(WriteEvents);
                return 0;
            case TerminalAction.TCIOFF:
                _ = _pair.Slave.Receive([StopKey]);
                return 0;
            case TerminalAction.TCION:
                _ = _pair.Slave.Receive([StartKey]);
                return 0;
            default:
                return Errno.EINVAL;
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
