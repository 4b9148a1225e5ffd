using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Terminals;

/// <summary>
/// A terminal: the line discipline, its port, whoever waits, and the session it controls. Programs reach it
/// through <see cref="TerminalFile"/>; its other side is a device's interrupt
/// (<see cref="TerminalReceiver"/>) or a pseudo-terminal.
/// </summary>
/// <remarks>This part moves bytes. <c>Terminal.Jobs.cs</c> knows sessions and groups,
/// <c>Terminal.Control.cs</c> the ioctls.</remarks>
/// <locking>
/// <see cref="_lock"/> for discipline, output and settings; never held while user memory is touched or a
/// signal is sent.
/// <see cref="_readers"/> and <see cref="_writers"/> let one reader and one writer at a time in, so that what
/// belongs together stays together; they are held while user memory is copied.
/// </locking>
public sealed partial class Terminal
{
    private const uint ReadEvents = PollBits.POLLIN | PollBits.POLLRDNORM;
    private const uint WriteEvents = PollBits.POLLOUT | PollBits.POLLWRNORM;
    private const int PieceBytes = 256;

    private readonly SleepLock _lock = new(LockRank.Terminal);
    private readonly SleepLock _readers = new(LockRank.TerminalUse);
    private readonly SleepLock _writers = new(LockRank.TerminalUse);
    private readonly WaitQueue _readQueue = new();
    private readonly WaitQueue _writeQueue = new();
    private readonly TerminalOutput _output;
    private readonly LineDiscipline _discipline;
    private Winsize _windowSize;
    private bool _isExclusive;
    private int _openCount;

    // Hung up, and not opened since: what is typed waits for who opens it, and is not echoed.
    private bool _isWithoutUsers;

    // Hang-ups so far: a file opened before the last one is dead.
    private int _hangUps;

    public Terminal(string name, DeviceNumber number, TerminalPort port)
    {
        Name = name;
        Number = number;
        _output = new TerminalOutput(port);
        _discipline = new LineDiscipline(_output, port.CreateSettings());
    }

    /// <summary>Below /dev.</summary>
    public string Name { get; }

    public DeviceNumber Number { get; }

    /// <summary>Called, with no lock held, when a reader has made room for input that had to be
    /// left.</summary>
    internal TerminalReceiver? Receiver { get; set; }

    /// <summary>Not one side of a pair.</summary>
    internal bool IsLine => !_output.Port.OutlivesUsers;

    internal bool IsPortGone => _output.Port.IsGone;

    internal int HangUps => Volatile.Read(ref _hangUps);

    internal TerminalSettings Settings => _discipline.Settings;

    // ---- from the other side
    // ------------------------------------------------------------------------------------

    /// <summary>Takes typed bytes as far as there is room, and does what they say.</summary>
    /// <returns>How many were taken.</returns>
    /// <locking>Thread context, no lock held.</locking>
    public int Receive(ReadOnlySpan<byte> typed)
    {
        int taken = 0;
        using (_lock.Acquire()) _output.Port.BeginInput();
        while (taken < typed.Length)
        {
            int signal;
            int count;
            using (_lock.Acquire())
            {
                count = _discipline.Accept(typed[taken..], out signal);
                if (_isWithoutUsers) _output.DiscardEcho();
            }

            taken += count;
            if (signal != 0) Signal(signal);
            else if (taken < typed.Length) break;
        }

        using (_lock.Acquire())
        {
            _discipline.EndBatch();
            _output.Port.EndInput();
        }

        WakeAfterInput();
        return taken;
    }

    /// <summary>A break condition on the line.</summary>
    public void ReceiveBreak()
    {
        int signal;
        using (_lock.Acquire())
        {
            signal = _discipline.AcceptBreak();
            _discipline.EndBatch();
        }

        if (signal != 0) Signal(signal);
        WakeAfterInput();
    }

    /// <summary>The port has room again.</summary>
    public void NotifyOutputRoom()
    {
        using (_lock.Acquire())
        {
            _output.SendHeld();
            _output.SendEcho(Settings);
        }

        if (_output.HasRoom) _writeQueue.WakeAll(WriteEvents);
    }

    /// <summary>Whether typed bytes would be taken now.</summary>
    internal bool HasInputRoom
    {
        get
        {
            using SleepLock.Guard guard = _lock.Acquire();
            return _discipline.HasRoom;
        }
    }

    private void NotifyInputRoom()
    {
        Receiver?.NotifyInputRoom();
        _output.Port.InputRead();
    }

    private void Signal(int signal) => Foreground?.SendSignal(signal);

    // A typed character can also start the output again or empty it.
    private void WakeAfterInput()
    {
        if (AvailableBytes > 0) _readQueue.WakeAll(ReadEvents);
        if (_output.HasRoom) _writeQueue.WakeAll(WriteEvents);
    }

    // ---- reading
    // --------------------------------------------------------------------------------------------------

    /// <summary>Bytes that a read could take outside canonical mode; in it, one if there is a line.</summary>
    private int AvailableBytes
    {
        get
        {
            using SleepLock.Guard guard = _lock.Acquire();
            if (!Settings.ReadsLines) return _discipline.Input.Count;
            return _discipline.Input.HasLine ? 1 : 0;
        }
    }

    /// <summary>What is there: up to one line, or bytes. Job control has been checked.</summary>
    /// <param name="minimum">Fewer bytes than these are left for later (EAGAIN), outside canonical
    /// mode.</param>
    internal IoResult Read(ref UserDestination destination, int minimum)
    {
        using SleepLock.Guard readerGuard = _readers.Acquire();
        int total = 0;
        bool isEnd = false;
        Span<byte> piece = stackalloc byte[PieceBytes];
        while (!isEnd && destination.RemainingBytes > 0)
        {
            int count;
            using (_lock.Acquire())
            {
                if (total == 0 && !IsReadable(minimum)) return Errno.EAGAIN;
                count = Take(piece[..Math.Min(piece.Length, destination.RemainingBytes)], out isEnd);
                _discipline.ResumeSenderIfDrained();
            }

            // Bytes for which the destination turns out bad are lost, as on Linux.
            int moved = destination.Write(piece[..count]);
            total += moved;
            if (moved < count) break;
        }

        NotifyInputRoom();
        return total == 0 && destination.HasFaulted ? Errno.EFAULT : total;
    }

    private int Take(Span<byte> piece, out bool isEnd)
    {
        if (Settings.ReadsLines)
        {
            int count = _discipline.Input.ReadLine(piece, out isEnd);

            // A switch to raw mode between two pieces of one line.
            isEnd |= count == 0;
            return count;
        }

        int bytes = _discipline.Input.ReadBytes(piece);
        isEnd = bytes < piece.Length || _discipline.Input.Count == 0;
        return bytes;
    }

    private bool IsReadable(int minimum)
        => Settings.ReadsLines ? _discipline.Input.HasLine : _discipline.Input.Count >= minimum;

    // ---- writing
    // --------------------------------------------------------------------------------------------------

    /// <summary>Writes as far as there is room. Job control has been checked.</summary>
    internal IoResult Write(ref UserSource source)
    {
        if (source.RemainingBytes == 0) return 0;

        // A piece is taken only while there is room; if the output is stopped just then, the piece is held.
        using SleepLock.Guard writerGuard = _writers.Acquire();
        int total = 0;
        Span<byte> piece = stackalloc byte[TerminalOutput.PieceBytes];
        while (source.RemainingBytes > 0 && _output.HasRoom)
        {
            int count = source.Read(piece);
            if (count == 0) break;
            using (_lock.Acquire()) _output.Write(Settings, piece[..count]);
            total += count;
        }

        if (total > 0) return total;
        return source.HasFaulted ? Errno.EFAULT : Errno.EAGAIN;
    }

    // ---- readiness
    // ------------------------------------------------------------------------------------------------

    internal uint Poll(PollTable? table)
    {
        table?.Add(_readQueue, ReadEvents | PollBits.POLLHUP);
        table?.Add(_writeQueue, WriteEvents | PollBits.POLLHUP);
        uint events = 0;
        bool waitsForMinimum = !Settings.ReadsLines && Settings.Number(TermiosIndex.VTIME) == 0;
        int minimum = waitsForMinimum ? Math.Max(1, Settings.Number(TermiosIndex.VMIN)) : 1;
        if (AvailableBytes >= minimum) events |= ReadEvents;
        if (_output.HasRoom) events |= WriteEvents;
        return events;
    }

    /// <summary>Whether a blocked reader should try again; sets its deadline by VTIME.</summary>
    /// <source>termios(3), "Canonical and noncanonical mode".</source>
    internal bool IsReadReady(PollTable? table, ref ReadWait wait)
    {
        table?.Add(_readQueue, ReadEvents | PollBits.POLLHUP);
        int available = AvailableBytes;
        if (Settings.IsCanonical) return available > 0;
        if (available >= ReadMinimum(wait.RequestedBytes)) return true;

        Nanoseconds interval = Nanoseconds.FromMilliseconds(Settings.Number(TermiosIndex.VTIME) * 100L);
        bool isTimed = interval > Nanoseconds.Zero;
        bool countsFromStart = Settings.Number(TermiosIndex.VMIN) == 0;
        if (isTimed && countsFromStart && wait.Deadline == Nanoseconds.Max)
        {
            wait.Deadline = Clock.Monotonic + interval;
        }

        // Between bytes: the clock starts anew with each one.
        if (isTimed && !countsFromStart && available > wait.SeenBytes)
        {
            wait.SeenBytes = available;
            wait.Deadline = Clock.Monotonic + interval;
        }

        return false;
    }

    /// <summary>Whether no byte at all is an answer to a blocking read.</summary>
    internal bool MayReadNothing => !Settings.IsCanonical && Settings.Number(TermiosIndex.VMIN) == 0;

    /// <summary>How many bytes a blocking read waits for.</summary>
    internal int ReadMinimum(int requestedBytes)
    {
        if (Settings.IsCanonical) return 1;
        int minimum = Settings.Number(TermiosIndex.VMIN);
        if (minimum == 0) return Settings.Number(TermiosIndex.VTIME) == 0 ? 0 : 1;
        return Math.Min(minimum, requestedBytes);
    }
}
