namespace Cashew.Tool.Images;

/// <summary>What /init has to know about the terminal that the console ends in.</summary>
/// <param name="TerminalName">The terminal's name, as in $TERM.</param>
/// <param name="Rows">Its height, 0 when it is no terminal or unknown.</param>
/// <param name="Columns">Its width, likewise.</param>
/// <param name="OutputIsTerminal">False leaves line ends as the program writes them.</param>
internal sealed record GuestSettings(string TerminalName, int Rows, int Columns, bool OutputIsTerminal)
{
    internal static readonly GuestSettings Pipe = new("dumb", 0, 0, OutputIsTerminal: false);

    /// <summary>A plain terminal, for consoles that nobody looks at.</summary>
    internal static readonly GuestSettings Terminal = new("linux", 24, 80, OutputIsTerminal: true);
}
