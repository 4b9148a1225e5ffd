using System;
using System.Diagnostics;
using Cashew.Abi;

namespace Cashew.Files.Terminals;

/// <summary>The way of bytes from programs and from echoing to the port: translated, in order, and held back while the
/// output is stopped or the port is full.</summary>
/// <locking>The terminal's.</locking>
internal sealed class TerminalOutput(TerminalPort port)
{
    /// <summary>The most that a program's write may bring at a time.</summary>
    internal const int PieceBytes = 256;

    // What cannot go out now waits here. Programs wait until it is empty; echo that finds it full is dropped, as on
    // Linux. The rest of it is for a program's piece that had been taken when the output was stopped.
    private const int EchoCapacity = 4096;
    private const int HeldCapacity = EchoCapacity + PieceBytes * OutputProcessor.MaxExpansion;

    private readonly TerminalPort _port = port;
    private byte[]? _held;
    private int _heldCount;
    private OutputProcessor _processor;
    private bool _isStopped;

    internal TerminalPort Port => _port;

    /// <summary>By ^S or TCOOFF: nothing goes out.</summary>
    internal bool IsStopped => _isStopped;

    /// <summary>By TCOOFF: typing does not start it again.</summary>
    internal bool IsStoppedByProgram { get; private set; }

    /// <summary>Whether a program's bytes would be taken now.</summary>
    internal bool HasRoom => !_isStopped && _heldCount == 0;

    internal int PendingBytes => _heldCount + _port.PendingBytes;

    /// <summary>A program's bytes, which are all taken: what cannot go out now is held.</summary>
    internal void Write(TerminalSettings settings, ReadOnlySpan<byte> piece)
    {
        Debug.Assert(piece.Length <= PieceBytes);
        while (!piece.IsEmpty)
        {
            int plain = PlainLength(settings, piece);
            if (plain > 0) Send(piece[..plain], HeldCapacity);
            else SendTranslated(settings, piece[0], HeldCapacity);
            piece = piece[Math.Max(plain, 1)..];
        }
    }

    // ---- echo -------------------------------------------------------------------------------------------------

    /// <summary>Echoes a byte as it is, but for OPOST.</summary>
    internal void Echo(TerminalSettings settings, byte value)
        => SendTranslated(settings, value, EchoCapacity);

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

        Echo(settings, (byte)'^');
        Echo(settings, TerminalBytes.ControlLetter(value));
    }

    /// <summary>Remembers where the line that is beginning now starts on the screen.</summary>
    internal void BeginLine() => _processor.LineColumn = _processor.Column;

    /// <summary>Takes a tab back from the screen.</summary>
    /// <param name="columnsBefore">How wide what stands before it is, up to another tab or to the start of the line.</param>
    internal void EraseTab(int columnsBefore, bool isAfterTab)
    {
        int column = isAfterTab ? columnsBefore : columnsBefore + _processor.LineColumn;
        for (int steps = 8 - column % 8; steps > 0; steps--)
        {
            Send([TerminalBytes.Backspace], EchoCapacity);
            _processor.MoveBack();
        }
    }

    // ---- flow -------------------------------------------------------------------------------------------------

    internal void Stop() => SetStopped(true);

    internal void StopByProgram()
    {
        SetStopped(true);
        IsStoppedByProgram = true;
    }

    /// <summary>Undoes ^S, but not TCOOFF.</summary>
    internal void StartByKey()
    {
        if (_isStopped && !IsStoppedByProgram) Start();
    }

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

    /// <summary>Sends a flow-control character to the other side, past everything that waits here.</summary>
    internal void SendUrgent(byte value) => _ = _port.Write([value]);

    internal void Discard()
    {
        _heldCount = 0;
        _port.Discard();
    }

    private void SendTranslated(TerminalSettings settings, byte value, int capacity)
    {
        Span<byte> translated = stackalloc byte[OutputProcessor.MaxExpansion];
        Send(translated[.._processor.Process(settings, value, translated)], capacity);
    }

    private void Send(ReadOnlySpan<byte> bytes, int capacity)
    {
        int sent = HasRoom ? _port.Write(bytes) : 0;
        if (sent == bytes.Length) return;

        _held ??= new byte[HeldCapacity];
        int count = Math.Min(bytes.Length - sent, Math.Max(0, capacity - _heldCount));
        bytes.Slice(sent, count).CopyTo(_held.AsSpan(_heldCount));
        _heldCount += count;
    }

    /// <summary>How many bytes from the start need no translation, so that they can go out in one piece.</summary>
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
