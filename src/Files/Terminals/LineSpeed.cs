using System;
using Cashew.Abi;

namespace Cashew.Files.Terminals;

/// <summary>Line speeds as codes in c_cflag and as numbers.</summary>
/// <source>termios(3), "Line speed".</source>
internal static class LineSpeed
{
    // Extended codes begin with BOTHER, which itself means "see c_ospeed".
    private static ReadOnlySpan<uint> Low =>
        [0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400];

    private const int InputShift = 16; // IBSHIFT

    private static ReadOnlySpan<uint> High =>
    [
        57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000,
        3500000, 4000000,
    ];

    /// <summary>Of what comes in: upper bits of c_cflag, and without those the same as of what goes
    /// out.</summary>
    internal static uint OfInput(uint flags, uint input, uint output)
    {
        uint code = (flags >> InputShift) & TermiosBits.CBAUD;
        return code == 0 ? FromFlags(flags, output) : FromFlags(code, input);
    }

    /// <param name="current">The answer where the code does not name a speed.</param>
    internal static uint FromFlags(uint flags, uint current)
    {
        uint code = flags & TermiosBits.CBAUD;
        if ((code & TermiosBits.CBAUDEX) == 0) return Low[(int)code];
        return code == TermiosBits.BOTHER ? current : High[(int)(code & ~TermiosBits.CBAUDEX) - 1];
    }
}
