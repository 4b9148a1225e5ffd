using System;
using Cashew.Abi;

namespace Cashew.Files.Terminals;

/// <summary>The way of bytes from programs and from echoing to the port: translated, in order, and held back while the
/// output is stopped.</summary>
/// <locking>The terminal's.</locking>
internal sealed class TerminalOutput(TerminalPort port)
{
    // Echo that cannot go out now waits here; when even that is full, it is dropped, as on Linux.
    private const int HeldCapacity = 4096;

    private readonly TerminalPort _port = port;
    private byte[]? _held;
    private int _heldCount;
    private OutputProcessor _processor;
    private bool _isStopped;

    internal TerminalPort Port => _port;

    /// <summary>By ^S, TCOOFF: nothing goes out.</summary>
    internal bool IsStopped => _isStopped;

    /// <summary>By TCOOFF: typing does not start it again.</summary>
    internal bool IsStoppedByProgram { get; private set; }

    /// <summary>Whether a program's byte would be taken, whatever it becomes.</summary>
    internal bool HasRoom => !_isStopped && _heldCount == 0 && _port.RoomBytes >= OutputProcessor.MaxExpansion;

    internal int PendingBytes => _heldCount + _port.PendingBytes;

    /// <summary>A program's bytes.</summary>
    /// <returns>How many were taken.</returns>
    internal int Write(TerminalSettings settings, ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length && HasRoom)
        {
            int plain = PlainLength(settings, bytes.Slice(at, Math.Min(bytes.Length - at, _port.RoomBytes)));
            if (plain > 0)
            {
                _port.Write(bytes.Slice(at, plain));
                at += plain;
                continue;
            }

            Span<byte> translated = stackalloc byte[OutputProcessor.MaxExpansion];
            int count = _processor.Process(settings, bytes[at++], translated);
            _port.Write(translated[..count]);
        }

        return at;
    }

    // ---- echo -------------------------------------------------------------------------------------------------

    /// <summary>Echoes a byte as it is, but for OPOST.</summary>
    internal void Echo(TerminalSettings settings, byte value)
    {
        Span<byte> translated = stackalloc byte[OutputProcessor.MaxExpansion];
        Send(translated[.._processor.Process(settings, value, translated)]);
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
            Send([TerminalBytes.Backspace]);
            _processor.MoveBack();
        }
    }

    // ---- flow -------------------------------------------------------------------------------------------------

    internal void Stop() => _isStopped = true;

    internal void StopByProgram()
    {
        _isStopped = true;
        IsStoppedByProgram = true;
    }

    internal void Start()
    {
        _isStopped = false;
        IsStoppedByProgram = false;
        SendHeld();
    }

    /// <summary>Sends held echo as far as there is room.</summary>
    internal void SendHeld()
    {
        int count = _isStopped ? 0 : Math.Min(_heldCount, _port.RoomBytes);
        if (count == 0) return;

        _port.Write(_held.AsSpan(0, count));
        _held.AsSpan(count, _heldCount - count).CopyTo(_held);
        _heldCount -= count;
    }

    /// <summary>Sends a flow-control character to the other side, past everything that waits.</summary>
    internal void SendUrgent(byte value)
    {
        if (_port.RoomBytes > 0) _port.Write([value]);
    }

    internal void Discard()
    {
        _heldCount = 0;
        _port.Discard();
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        if (!_isStopped && _heldCount == 0 && _port.RoomBytes >= bytes.Length)
        {
            _port.Write(bytes);
            return;
        }

        _held ??= new byte[HeldCapacity];
        int count = Math.Min(bytes.Length, HeldCapacity - _heldCount);
        bytes[..count].CopyTo(_held.AsSpan(_heldCount));
        _heldCount += count;
    }

    /// <summary>How many bytes from the start need no translation, so that they can go out in one piece.</summary>
    private int PlainLength(TerminalSettings settings, ReadOnlySpan<byte> bytes)
    {
        if (!settings.HasOutput(TermiosBits.OPOST)) return bytes.Length;

        int count = 0;
        Span<byte> same = stackalloc byte[OutputProcessor.MaxExpansion];
        bool isCaseKept = !settings.HasOutput(TermiosBits.OLCUC);
        while (count < bytes.Length && isCaseKept && !TerminalBytes.IsControl(bytes[count]))
        {
            _ = _processor.Process(settings, bytes[count++], same);
        }

        return count;
    }
}
