using System;
using Cashew.Abi;

namespace Cashew.Files.Terminals;

/// <summary>
/// Between what is typed and what is read: line editing, echo, signals, flow control. It knows no locks,
/// threads or processes: bytes go in, bytes and signals come out.
/// </summary>
/// <locking>The terminal's lock is held by all callers.</locking>
/// <source>termios(3); where that is silent, what Linux's terminals do.</source>
internal sealed partial class LineDiscipline(TerminalOutput output, TerminalSettings settings)
{
    // Room that is left to a line that is not finished: its end must fit.
    private const int ReservedBytes = 1;

    // With IXOFF, the sender is asked to pause when so little room is left, and to go on when so much is.
    private const int PauseRoom = InputBuffer.CapacityBytes / 4;
    private const int ResumeRoom = InputBuffer.CapacityBytes * 3 / 4;

    private readonly TerminalOutput _output = output;
    private readonly InputBuffer _input = new();
    private TerminalSettings _settings = settings;

    // The next character is taken as it is (after ^V).
    private bool _isNextLiteral;

    // Within a run of erased characters shown between \ and / (ECHOPRT).
    private bool _isErasing;
    private bool _hasPausedSender;

    internal InputBuffer Input => _input;
    internal TerminalSettings Settings => _settings;

    /// <summary>Takes typed bytes, up to one that is a signal or until there is no room. Their echo goes out
    /// at <see cref="EndBatch"/>, or when something among them sends it.</summary>
    /// <param name="signal">The signal that the last byte taken stands for; zero for none.</param>
    /// <returns>How many bytes were taken.</returns>
    internal int Accept(ReadOnlySpan<byte> typed, out int signal)
    {
        signal = 0;
        int at = 0;
        while (at < typed.Length && signal == 0 && HasRoom) signal = AcceptOne(typed[at++]);
        if (_settings.HasInput(TermiosBits.IXOFF)) PauseSenderIfFull();
        return at;
    }

    /// <summary>All that came in at once has been taken. What was to be echoed before echoing was switched
    /// off waits for what a program writes.</summary>
    internal void EndBatch()
    {
        if (_settings.HasLocal(TermiosBits.ECHO | TermiosBits.ECHONL)) _output.SendEcho(_settings);
    }

    /// <summary>The line was held at zero: a break.</summary>
    /// <returns>The signal to be sent, or zero.</returns>
    internal int AcceptBreak()
    {
        if (_settings.HasInput(TermiosBits.IGNBRK)) return 0;
        if (_settings.HasInput(TermiosBits.BRKINT))
        {
            FlushForSignal();
            return Signals.SIGINT;
        }

        if (_settings.HasInput(TermiosBits.PARMRK))
        {
            Store(0xFF);
            Store(0);
        }

        Store(0);
        return 0;
    }

    internal void Change(TerminalSettings settings)
    {
        const uint modes = TermiosBits.ICANON | TermiosBits.EXTPROC;
        bool modeChanges = ((settings.Local ^ _settings.Local) & modes) != 0;
        bool loosesFlowControl = !settings.HasInput(TermiosBits.IXON) && _settings.HasInput(TermiosBits.IXON);
        _settings = settings;
        if (modeChanges)
        {
            _isNextLiteral = false;
            _isErasing = false;
            if (settings.IsCanonical) _input.MakeLine();
            else _input.ForgetLines();
        }

        // Otherwise no key would ever start what ^S has stopped.
        if (loosesFlowControl) Start();
    }

    /// <summary>Tells the sender to go on, once enough has been read.</summary>
    internal void ResumeSenderIfDrained()
    {
        if (!_hasPausedSender || _input.RoomBytes < ResumeRoom) return;
        _hasPausedSender = false;
        _output.SendUrgent(_settings.Character(TermiosIndex.VSTART));
    }

    internal void FlushInput()
    {
        _input.Clear();
        _isErasing = false;
        ResumeSenderIfDrained();
        _output.Port.InputFlushed();
    }

    // While there is no whole line, bytes are taken and dropped: the program could never make room by
    // reading.
    internal bool HasRoom => _input.RoomBytes > ReservedBytes || (_settings.ReadsLines && !_input.HasLine);

    // ---- one byte
    // -----------------------------------------------------------------------------------------------

    private int AcceptOne(byte value)
    {
        // Only an unfinished line gets so long. No bell, IMAXBEL or not: what comes takes the place of its
        // last byte.
        if (_input.RoomBytes == 0 && _input.EditedCount > 0) _input.RemoveLast(1);
        if (_settings.HasInput(TermiosBits.ISTRIP)) value &= 0x7F;
        if (_settings.HasInput(TermiosBits.IUCLC) && _settings.HasLocal(TermiosBits.IEXTEN))
            value = TerminalBytes.ToLower(value);

        if (_settings.IsProcessedElsewhere)
        {
            Store(value);
            return 0;
        }

        if (_isNextLiteral)
        {
            _isNextLiteral = false;
            AcceptOrdinary(value, isTranslated: false);
            return 0;
        }

        if (AcceptFlowControl(value)) return 0;
        int signal = SignalOf(value);
        if (signal != 0)
        {
            AcceptSignal(value);
            return signal;
        }

        bool startsByAny = _settings.HasInput(TermiosBits.IXON) && _settings.HasInput(TermiosBits.IXANY);
        if (startsByAny && _output.IsStopped) Start();

        byte typed = value;
        if (TranslateLineEnd(ref value)) AcceptPlain(value, isTranslated: value != typed);
        return 0;
    }

    private bool AcceptFlowControl(byte value)
    {
        if (!_settings.HasInput(TermiosBits.IXON)) return false;
        if (_settings.Is(value, TermiosIndex.VSTART))
        {
            Start();
            return true;
        }

        if (!_settings.Is(value, TermiosIndex.VSTOP)) return false;
        _output.Stop();
        return true;
    }

    /// <summary>By a key, or by what stands for one.</summary>
    private void Start()
    {
        _output.StartByKey();
        _output.SendEcho(_settings);
    }

    private int SignalOf(byte value)
    {
        if (!_settings.HasLocal(TermiosBits.ISIG)) return 0;
        if (_settings.Is(value, TermiosIndex.VINTR)) return Signals.SIGINT;
        if (_settings.Is(value, TermiosIndex.VQUIT)) return Signals.SIGQUIT;
        return _settings.Is(value, TermiosIndex.VSUSP) ? Signals.SIGTSTP : 0;
    }

    private void AcceptSignal(byte value)
    {
        FlushForSignal();
        if (_settings.HasInput(TermiosBits.IXON)) _output.StartByKey();
        if (_settings.HasLocal(TermiosBits.ECHO)) _output.EchoTyped(_settings, value);
        else _output.SendEcho(_settings);
    }

    private void FlushForSignal()
    {
        if (_settings.HasLocal(TermiosBits.NOFLSH)) return;
        FlushInput();
        _output.DiscardEcho();
        _output.Discard();
    }

    /// <returns>False: the byte is ignored (IGNCR).</returns>
    private bool TranslateLineEnd(ref byte value)
    {
        if (value == TerminalBytes.CarriageReturn)
        {
            if (_settings.HasInput(TermiosBits.IGNCR)) return false;
            if (_settings.HasInput(TermiosBits.ICRNL)) value = TerminalBytes.NewLine;
        }
        else if (value == TerminalBytes.NewLine && _settings.HasInput(TermiosBits.INLCR))
        {
            value = TerminalBytes.CarriageReturn;
        }

        return true;
    }

    private void AcceptPlain(byte value, bool isTranslated)
    {
        if (!_settings.IsCanonical || !AcceptEditing(value)) AcceptOrdinary(value, isTranslated);
    }

    private void AcceptOrdinary(byte value, bool isTranslated)
    {
        if (_settings.HasLocal(TermiosBits.ECHO))
        {
            FinishErasing();
            if (_input.EditedCount == 0) _output.BeginLine(_settings);

            // Linux: the newline that a return key has become is one; the one that was typed is shown as ^J.
            if (isTranslated && value == TerminalBytes.NewLine) _output.Echo(_settings, value);
            else _output.EchoTyped(_settings, value);
        }

        if (value == 0xFF && _settings.HasInput(TermiosBits.PARMRK)) Store(value);
        Store(value);
    }

    private void Store(byte value)
    {
        if (_input.RoomBytes > 0) _input.Add(value);
    }

    private void PauseSenderIfFull()
    {
        if (_hasPausedSender || _input.RoomBytes > PauseRoom || !_output.Port.PausesSender) return;
        _hasPausedSender = true;
        _output.SendUrgent(_settings.Character(TermiosIndex.VSTOP));
    }
}
