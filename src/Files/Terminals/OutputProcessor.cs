using System;
using Cashew.Abi;

namespace Cashew.Files.Terminals;

/// <summary>What a terminal does to output (OPOST), and where that leaves the cursor.</summary>
/// <source>termios(3), c_oflag.</source>
internal struct OutputProcessor
{
    /// <summary>The most that one byte becomes: a tab of spaces.</summary>
    internal const int MaxExpansion = 8;

    private const int TabWidth = 8;

    /// <summary>The cursor's column.</summary>
    internal int Column { get; private set; }

    /// <summary>The column at which the line being edited began, to know how far a tab in it went.</summary>
    internal int LineColumn { get; set; }

    /// <summary>Translates one byte.</summary>
    /// <returns>How many bytes of <paramref name="result"/> are to be written; none for a suppressed
    /// one.</returns>
    internal int Process(TerminalSettings settings, byte value, Span<byte> result)
    {
        result[0] = value;
        if (!settings.HasOutput(TermiosBits.OPOST)) return 1;

        switch (value)
        {
            case TerminalBytes.NewLine:
                return ProcessNewLine(settings, result);
            case TerminalBytes.CarriageReturn:
                return ProcessReturn(settings, result);
            case TerminalBytes.Tab:
                int spaces = TabWidth - Column % TabWidth;
                Column += spaces;
                if ((settings.Output & TermiosBits.TABDLY) != TermiosBits.XTABS) return 1;
                result[..spaces].Fill((byte)' ');
                return spaces;
            case TerminalBytes.Backspace:
                MoveBack();
                return 1;
            default:
                if (TerminalBytes.IsControl(value)) return 1;
                if (settings.HasOutput(TermiosBits.OLCUC)) result[0] = TerminalBytes.ToUpper(value);
                bool isInside = settings.HasInput(TermiosBits.IUTF8) && TerminalBytes.IsContinuation(value);
                if (!isInside) Column++;
                return 1;
        }
    }

    internal void Advance() => Column++;

    internal void MoveBack()
    {
        if (Column > 0) Column--;
    }

    private int ProcessNewLine(TerminalSettings settings, Span<byte> result)
    {
        if (settings.HasOutput(TermiosBits.ONLRET)) Column = 0;
        if (!settings.HasOutput(TermiosBits.ONLCR))
        {
            LineColumn = Column;
            return 1;
        }

        Column = 0;
        LineColumn = 0;
        result[0] = TerminalBytes.CarriageReturn;
        result[1] = TerminalBytes.NewLine;
        return 2;
    }

    private int ProcessReturn(TerminalSettings settings, Span<byte> result)
    {
        if (settings.HasOutput(TermiosBits.ONOCR) && Column == 0) return 0;
        if (settings.HasOutput(TermiosBits.OCRNL))
        {
            result[0] = TerminalBytes.NewLine;
            if (!settings.HasOutput(TermiosBits.ONLRET)) return 1;
        }

        Column = 0;
        LineColumn = 0;
        return 1;
    }
}
