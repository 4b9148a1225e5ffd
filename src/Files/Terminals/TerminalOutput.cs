using System;
using System.Diagnostics;
using Cashew.Abi;

namespace Cashew.Files.Terminals;

/// <summary>The way of bytes from programs and from echoing to the port: translated, in order, and held back
/// while the output is stopped or the port is full.</summary>
/// <locking>The terminal's.</locking>
internal sealed class TerminalOutput(TerminalPort port)
{
    /// <summary>The most that a program's write may bring at a time.</summary>
    internal const int PieceBytes = 256;

    // What is echoed of what comes in at once goes out at once, but for more than this.
    private const int GatheredBytes = 256;

    // A piece of a program's, or an echo, that the port had no room for. Both wait until it is empty.
    private const int HeldCapacity = PieceBytes * OutputProcessor.MaxExpansion + OutputProcessor.MaxExpansion;
    private const int TabWidth = 8;

    private readonly TerminalPort _port = port;
    private byte[]? _held;
    private int _heldCount;

    private readonly EchoBuffer _echo = new();
    private OutputProcessor _processor;
    private bool _isStopped;

    internal TerminalPort Port => _port;

    /// <summary>By ^S or TCOOFF: nothing goes out.</summary>
    internal bool IsStopped => _isStopped;

    /// <summary>By TCOOFF: typing does not start it again.</summary>
    internal bool IsStoppedByProgram { get; private set; }

    /// <summary>Whether a program's bytes would be taken now.</summary>
    internal bool HasRoom => !_isStopped && _heldCount == 0;

    /// <summary>What somebody waits for who wants all output to be out. Echo does not count.</summary>
    internal int PendingBytes => _heldCount + _port.PendingBytes;

    /// <summary>A program's bytes, which are all taken: what cannot go out now is held.</summary>
    internal void Write(TerminalSettings settings, ReadOnlySpan<byte> piece)
    {
        Debug.Assert(piece.Length <= PieceBytes);
        SendEcho(settings);
        while (!piece.IsEmpty)
        {
            int plain = PlainLength(settings, piece);
            if (plain > 0) Send(piece[..plain]);
            else SendTranslated(settings, piece[0]);
            piece = piece[Math.Max(plain, 1)..];
        }
    }

    // ---- echo
    // -------------------------------------------------------------------------------------------------

    /// <summary>Sends what is to be echoed, unless the output is stopped or full: then it stays for
    /// later.</summary>
    internal void SendEcho(TerminalSettings settings)
    {
        while (_echo.Count > 0 && HasRoom)
        {
            EchoKind kind = _echo.Take(out byte value);
            switch (kind)
            {
                case EchoKind.Processed:
                    SendTranslated(settings, value);
                    break;
                case EchoKind.Raw:
                    _processor.Advance();
                    Send([value]);
                    break;
                case EchoKind.LineStart:
                    _processor.LineColumn = _processor.Column;
                    break;
                case EchoKind.MoveBack:
                    _processor.MoveBack();
                    break;
                default:
                    SendTabErasure(value, kind == EchoKind.EraseTabAfterTab);
                    break;
            }
        }
    }

    /// <summary>Echoes a byte as it is, but for OPOST.</summary>
    internal void Echo(TerminalSettings settings, byte value)
    {
        // On Linux this byte escapes others in its echo buffer, and so itself escapes translation.
        AddEcho(settings, value == 0xFF ? EchoKind.Raw : EchoKind.Processed, value);
    }

    /// <summary>Echoes what was typed: control characters as ^X if that is wanted.</summary>
    internal void EchoTyped(TerminalSettings settings, byte value)
    {
        bool isShown = settings.HasLocal(TermiosBits.ECHOCTL) && TerminalBytes.IsControl(value)
            && value != TerminalBytes.Tab;
        if (!isShown)
        {
            Echo(settings, value);
            return;
        }

        AddEcho(settings, EchoKind.Raw, (byte)'^');
        AddEcho(settings, EchoKind.Raw, TerminalBytes.ControlLetter(value));
    }

    /// <summary>Remembers where the line that is beginning now starts on the screen.</summary>
    internal void BeginLine(TerminalSettings settings) => AddEcho(settings, EchoKind.LineStart);

    /// <summary>The last byte echoed took no column.</summary>
    internal void MoveBack(TerminalSettings settings) => AddEcho(settings, EchoKind.MoveBack);

    /// <summary>Takes a tab back from the screen.</summary>
    /// <param name="columnsBefore">How wide what stands before it is, up to another tab or to the start of
    /// the line.</param>
    internal void EraseTab(TerminalSettings settings, int columnsBefore, bool isAfterTab)
        => AddEcho(
            settings, isAfterTab ? EchoKind.EraseTabAfterTab : EchoKind.EraseTab, (byte)(columnsBefore % TabWidth));

    private void AddEcho(TerminalSettings settings, EchoKind kind, byte value = 0)
    {
        _echo.Add(kind, value);
        if (_echo.Count >= GatheredBytes) SendEcho(settings);
    }

    private void SendTabErasure(int columnsBefore, bool isAfterTab)
    {
        int column = isAfterTab ? columnsBefore : columnsBefore + _processor.LineColumn;
        for (int steps = TabWidth - column % TabWidth; steps > 0; steps--)
        {
            Send([TerminalBytes.Backspace]);
            _processor.MoveBack();
        }
    }

    // ---- flow
    // -------------------------------------------------------------------------------------------------

    internal void Stop() => SetStopped(true);

    internal void StopByProgram()
    {
        SetStopped(true);
        IsStoppedByProgram = true;
    }

    /// <summary>Undoes ^S, but not TCOOFF. What is to be echoed goes out with what comes next.</summary>
    internal void StartByKey()
    {
        if (IsStoppedByProgram) return;
        SetStopped(false);
        SendHeld();
    }

    /// <summary>Undoes both. What is to be echoed waits for what comes next, as on Linux.</summary>
    internal void Start()
    {
        SetStopped(false);
        IsStoppedByProgram = false;
        SendHeld();
    }

    private void SetStopped(bool isStopped)
    {
        if (_isStopped == isStopped) return;
        _isStopped = isStopped;
        _port.FlowChanged(isStopped);
    }

    /// <summary>Sends what was held back, as far as the port takes it.</summary>
    internal void SendHeld()
    {
        if (_isStopped || _heldCount == 0) return;

        int count = _port.Write(_held.AsSpan(0, _heldCount));
        _held.AsSpan(count, _heldCount - count).CopyTo(_held);
        _heldCount -= count;
    }

    /// <summary>Sends a flow-control character to the other side, past everything that waits here. A
    /// program's stop holds it back, too, and then it is lost; a key's does not.</summary>
    internal void SendUrgent(byte value)
    {
        if (IsStoppedByProgram) return;
        bool wasStopped = _isStopped;
        SetStopped(false);
        _ = _port.Write([value]);
        SetStopped(wasStopped);
    }

    internal void Discard()
    {
        _heldCount = 0;
        _port.Discard();
    }

    internal void DiscardEcho() => _echo.Clear();

    private void SendTranslated(TerminalSettings settings, byte value)
    {
        Span<byte> translated = stackalloc byte[OutputProcessor.MaxExpansion];
        Send(translated[.._processor.Process(settings, value, translated)]);
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        int sent = HasRoom ? _port.Write(bytes) : 0;
        if (sent == bytes.Length) return;

        _held ??= new byte[HeldCapacity];
        bytes[sent..].CopyTo(_held.AsSpan(_heldCount));
        _heldCount += bytes.Length - sent;
    }

    /// <summary>How many bytes from the start need no translation, so that they can go out in one
    /// piece.</summary>
    private int PlainLength(TerminalSettings settings, ReadOnlySpan<byte> bytes)
    {
        if (!settings.HasOutput(TermiosBits.OPOST)) return bytes.Length;
        if (settings.HasOutput(TermiosBits.OLCUC)) return 0;

        int count = 0;
        Span<byte> same = stackalloc byte[OutputProcessor.MaxExpansion];
        while (count < bytes.Length && !TerminalBytes.IsControl(bytes[count]))
        {
            _ = _processor.Process(settings, bytes[count++], same);
        }

        return count;
    }
}
