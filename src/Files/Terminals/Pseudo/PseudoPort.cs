using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Terminals;

/// <summary>Where a pseudo-terminal's output waits for the master to read it; and in packet mode, what else
/// the master is to
/// know.</summary>
/// <locking>A spin lock, taken under the terminal's.</locking>
/// <source>pty(7); ioctl_tty(2), TIOCPKT.</source>
internal sealed class PseudoPort : TerminalPort
{
    private const int CapacityBytes = 4096;
    private const uint ReadEvents = PollBits.POLLIN | PollBits.POLLRDNORM;
    private const uint WriteEvents = PollBits.POLLOUT | PollBits.POLLWRNORM;
    private const uint StatusEvents = ReadEvents | PollBits.POLLPRI;

    // Conditions that the last one of them describes.
    private const int FlowStatus = TerminalAction.TIOCPKT_STOP | TerminalAction.TIOCPKT_START;
    private const int KeyStatus = TerminalAction.TIOCPKT_NOSTOP | TerminalAction.TIOCPKT_DOSTOP;

    private readonly SpinLock _lock = new(LockRank.TerminalInput);
    private readonly byte[] _ring = new byte[CapacityBytes];
    private readonly Pseudoterminal _pair;

    // Positions count all bytes ever.
    private long _head;
    private long _tail;
    private long _inputStart = long.MaxValue;
    private bool _wasFull;
    private bool _isMasterClosed;
    private bool _isOver;
    private int _slaveUsers;
    private bool _hadSlave;
    private bool _isPacketMode;
    private bool _hasUsualFlowKeys = true;
    private bool _isProcessedElsewhere;
    private int _status;

    internal PseudoPort(Pseudoterminal pair)
    {
        _pair = pair;
    }

    /// <summary>Where readers and writers of the master wait.</summary>
    internal WaitQueue Readers { get; } = new();

    internal WaitQueue Writers { get; } = new();

    /// <summary>What the master has is out of the terminal already: nobody waits for it to be read.</summary>
    public override int PendingBytes => 0;

    // ---- from the terminal --------------------------------------------------------------------------------

    public override int Write(ReadOnlySpan<byte> bytes)
    {
        int count;
        using (_lock.Acquire())
        {
            // Nobody will ever read it.
            if (_isMasterClosed) return bytes.Length;
            count = Math.Min(bytes.Length, CapacityBytes - (int)(_head - _tail));
            for (int i = 0; i < count; i++) _ring[(int)(_head++ % CapacityBytes)] = bytes[i];
            _wasFull |= count < bytes.Length;
        }

        if (count > 0) Readers.Wake(ReadEvents);
        return count;
    }

    public override void BeginInput()
    {
        using SpinLock.Guard guard = _lock.Acquire();
        _inputStart = _head;
    }

    public override void EndInput()
    {
        using SpinLock.Guard guard = _lock.Acquire();
        _inputStart = long.MaxValue;
    }

    /// <summary>What the master could read already stays: it is out of the terminal. What has been echoed for
    /// bytes that came together with the one that discards is not, as Linux moves it later.</summary>
    public override void Discard()
    {
        using (_lock.Acquire())
        {
            if (_inputStart < _head) _head = Math.Max(_inputStart, _tail);
        }

        NoteStatus(TerminalAction.TIOCPKT_FLUSHWRITE, 0);
    }

    public override void InputRead() => Writers.Wake(WriteEvents);

    public override void InputFlushed()
    {
        NoteStatus(TerminalAction.TIOCPKT_FLUSHREAD, 0);
        Writers.Wake(WriteEvents);
    }

    public override void FlowChanged(bool isStopped)
        => NoteStatus(isStopped ? TerminalAction.TIOCPKT_STOP : TerminalAction.TIOCPKT_START, FlowStatus);

    /// <summary>Whether ^S and ^Q stop and start the output: then the master may do it itself, and
    /// sooner.</summary>
    public override TerminalSettings CreateSettings() => TerminalSettings.CreateForPair();

    /// <summary>The master has the terminal, whoever else has it open.</summary>
    public override bool OutlivesUsers => true;

    public override bool PausesSender => false;

    public override bool IsGone => IsMasterClosed;

    /// <summary>There is no line whose bytes could have another shape.</summary>
    public override TerminalSettings Fit(TerminalSettings wanted)
    {
        const uint shape = TermiosBits.CSIZE | TermiosBits.PARENB;
        return wanted.WithHardware((wanted.Hardware & ~shape) | TermiosBits.CS8 | TermiosBits.CREAD);
    }

    public override void SettingsChanged(TerminalSettings settings)
    {
        NoteIfProcessedElsewhere(settings.IsProcessedElsewhere);
        bool isUsual = settings.HasInput(TermiosBits.IXON)
            && settings.Character(TermiosIndex.VSTOP) == ('S' & 0x1F)
            && settings.Character(TermiosIndex.VSTART) == ('Q' & 0x1F);
        using (_lock.Acquire())
        {
            if (isUsual == _hasUsualFlowKeys) return;
            _hasUsualFlowKeys = isUsual;
        }

        NoteStatus(isUsual ? TerminalAction.TIOCPKT_DOSTOP : TerminalAction.TIOCPKT_NOSTOP, KeyStatus);
    }

    public override void UsersChanged(int count)
    {
        bool isOver;
        using (_lock.Acquire())
        {
            _slaveUsers = count;
            _hadSlave |= count > 0;
            isOver = EndsLocked();
        }

        if (count == 0)
        {
            Readers.WakeAll(ReadEvents | PollBits.POLLHUP);
            Writers.WakeAll(WriteEvents | PollBits.POLLHUP);
        }

        if (isOver) _pair.ReleaseNumber();
    }

    // ---- from the master ----------------------------------------------------------------------------------

    internal bool IsMasterClosed
    {
        get
        {
            using SpinLock.Guard guard = _lock.Acquire();
            return _isMasterClosed;
        }
    }

    internal bool IsPacketMode
    {
        get
        {
            using SpinLock.Guard guard = _lock.Acquire();
            return _isPacketMode;
        }

        set
        {
            using SpinLock.Guard guard = _lock.Acquire();
            if (value && !_isPacketMode) _status = 0;
            _isPacketMode = value;
        }
    }

    internal int AvailableBytes
    {
        get
        {
            using SpinLock.Guard guard = _lock.Acquire();
            return (int)(_head - _tail);
        }
    }

    /// <summary>Takes what there is. In packet mode that begins with a byte that says what it is.</summary>
    /// <param name="hasMadeRoom">The terminal is to be told of the room.</param>
    /// <errors>EAGAIN: nothing. EIO: and nobody has the slave open any more.</errors>
    internal IoResult Take(Span<byte> piece, bool isFirst, out bool hasMadeRoom)
    {
        using SpinLock.Guard guard = _lock.Acquire();
        hasMadeRoom = false;
        int start = 0;
        if (_isPacketMode && isFirst)
        {
            piece[0] = (byte)_status;
            start = 1;
            if (_status != 0)
            {
                _status = 0;
                return 1;
            }
        }

        int count = Math.Min(piece.Length - start, (int)(_head - _tail));
        if (_head == _tail) return _hadSlave && _slaveUsers == 0 ? Errno.EIO : Errno.EAGAIN;
        for (int i = 0; i < count; i++) piece[start + i] = _ring[(int)(_tail++ % CapacityBytes)];
        hasMadeRoom = _wasFull;
        _wasFull = false;
        return start + count;
    }

    /// <summary>Of the events of poll(2), those that reading is about.</summary>
    internal uint ReadableEvents()
    {
        using SpinLock.Guard guard = _lock.Acquire();
        uint events = 0;
        if (_head != _tail) events |= ReadEvents;
        if (_isPacketMode && _status != 0) events |= StatusEvents;
        if (_hadSlave && _slaveUsers == 0) events |= PollBits.POLLHUP;
        return events;
    }

    /// <summary>The master does not want what it could read.</summary>
    internal void Clear()
    {
        using SpinLock.Guard guard = _lock.Acquire();
        _tail = _head;
        _wasFull = false;
    }

    internal void CloseMaster()
    {
        bool isOver;
        using (_lock.Acquire())
        {
            _isMasterClosed = true;
            _tail = _head;
            isOver = EndsLocked();
        }

        if (isOver) _pair.ReleaseNumber();
    }

    /// <summary>Whether both sides are closed now; true once.</summary>
    private bool EndsLocked()
    {
        if (_isOver || !_isMasterClosed || _slaveUsers > 0) return false;
        _isOver = true;
        return true;
    }

    /// <summary>With EXTPROC the master wants to know of each change, because it does the terminal's
    /// work.</summary>
    private void NoteIfProcessedElsewhere(bool isProcessedElsewhere)
    {
        bool tells;
        using (_lock.Acquire())
        {
            tells = isProcessedElsewhere || _isProcessedElsewhere;
            _isProcessedElsewhere = isProcessedElsewhere;
        }

        if (tells) NoteStatus(TerminalAction.TIOCPKT_IOCTL, 0);
    }

    private void NoteStatus(int status, int replaced)
    {
        using (_lock.Acquire())
        {
            if (!_isPacketMode) return;
            _status = (_status & ~replaced) | status;
        }

        Readers.Wake(StatusEvents);
    }
}
