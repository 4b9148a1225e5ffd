using System.Text;
using Cashew.Abi;
using Cashew.Files.Terminals;
using Xunit;

namespace Cashew.Host.Files.Terminals;

/// <summary>termios(3): c_oflag, and output that has to wait.</summary>
public sealed class OutputTests
{
    [Theory]
    [InlineData(TermiosBits.OPOST | TermiosBits.ONLCR, "a\nb", "a\r\nb")]
    [InlineData(TermiosBits.OPOST, "a\nb", "a\nb")]
    [InlineData(TermiosBits.ONLCR, "a\nb\t", "a\nb\t")] // nothing without OPOST
    [InlineData(TermiosBits.OPOST | TermiosBits.OCRNL, "a\rb", "a\nb")]
    [InlineData(TermiosBits.OPOST | TermiosBits.ONOCR, "\ra\r\rb", "a\rb")]
    [InlineData(TermiosBits.OPOST | TermiosBits.ONOCR | TermiosBits.ONLRET, "a\n\rb", "a\nb")]
    [InlineData(TermiosBits.OPOST | TermiosBits.ONOCR, "a\n\rb", "a\n\rb")] // the cursor is not in column 0
    [InlineData(TermiosBits.OPOST | TermiosBits.OLCUC, "aZ\u00e4{", "AZ\u00c4{")]
    [InlineData(TermiosBits.OPOST | TermiosBits.XTABS, "\ta\t12345678\tb", "        a       12345678        b")]
    [InlineData(TermiosBits.OPOST | TermiosBits.XTABS, "abc\b\bx\t|", "abc\b\bx      |")]
    [InlineData(TermiosBits.OPOST | TermiosBits.XTABS, "abc\r\t|", "abc\r        |")]
    [InlineData(TermiosBits.OPOST | TermiosBits.XTABS, "\x1b[1m\t|", "\x1b[1m     |")] // it knows no escape sequences
    public void Output_is_translated(uint output, string written, string expected)
    {
        const uint All = TermiosBits.OPOST | TermiosBits.ONLCR | TermiosBits.OCRNL | TermiosBits.ONOCR
            | TermiosBits.ONLRET | TermiosBits.OLCUC | TermiosBits.TABDLY;
        Line line = new Line().With(notOutput: All).With(output: output);
        line.Write(written);
        Assert.Equal(expected, line.Port.Sent);
    }

    [Fact]
    public void Characters_of_several_bytes_are_one_column_wide_if_the_terminal_knows()
    {
        Line line = new Line().With(input: TermiosBits.IUTF8, output: TermiosBits.XTABS);
        line.Write("\u00c3\u00a9\t|");
        Assert.Equal("\u00c3\u00a9       |", line.Port.Take());
        line.With(notInput: TermiosBits.IUTF8).Write("\n\u00c3\u00a9\t|");
        Assert.Equal("\r\n\u00c3\u00a9      |", line.Port.Take());
    }

    [Fact]
    public void A_full_port_gets_everything_later_and_in_order()
    {
        Line line = new();
        line.Port.CapacityBytes = 10;
        line.Write("0123\n567");
        line.Write("8\nab");
        Assert.False(line.Output.HasRoom);
        line.Type("x");
        string all = "0123\r\n5678\r\nabx";
        Assert.Equal(all[..10], line.Port.Sent);
        Assert.Equal(all.Length - 1, line.Output.PendingBytes);
        for (int sent = 10; sent < all.Length; sent++)
        {
            line.Port.Drain(1);
            line.Output.SendHeld();
            line.SendEcho();
            Assert.Equal(all[..(sent + 1)], line.Port.Sent);
        }

        Assert.True(line.Output.HasRoom);
    }

    // Tabs become eight bytes each: the longest that a piece can get.
    [Fact]
    public void Too_much_echo_is_dropped_but_never_what_a_program_wrote()
    {
        Line line = new Line().Raw().With(output: TermiosBits.XTABS);
        string typed = new('e', 3000);
        line.Type("\x13");
        line.Type(typed);
        line.ReadBytes();
        line.Type(typed);
        line.Write(new string('\t', TerminalOutput.PieceBytes));
        line.Type("\x11");

        string sent = line.Port.Sent;
        Assert.InRange(sent.TrimStart(' ').Length, 4095, 4096);
        Assert.Equal(TerminalOutput.PieceBytes * 8, sent.Length - sent.TrimStart(' ').Length);
    }

    [Fact]
    public void What_is_thrown_away_is_gone_here_and_in_the_port()
    {
        Line line = new();
        line.Port.CapacityBytes = 1;
        line.Write("abc");
        line.Output.Discard();
        Assert.Equal(0, line.Output.PendingBytes);
        Assert.Equal(1, line.Port.Discards);
        line.Write("d");
        Assert.Equal("ad", line.Port.Sent);
    }

    // ---- the structures of programs
    // -----------------------------------------------------------------------------

    [Fact]
    public void Settings_survive_the_way_to_a_program_and_back()
    {
        TerminalSettings settings = TerminalSettings.CreateDefault();
        Termios2 termios2 = settings.ToTermios2();
        termios2.c_lflag &= ~TermiosBits.ECHO;
        termios2.c_cc[TermiosIndex.VEOL2] = 200;
        const int inputShift = 16;
        termios2.c_cflag |= TermiosBits.BOTHER << inputShift;
        termios2.c_ispeed = 12345;
        TerminalSettings changed = TerminalSettings.From(termios2);
        Assert.False(changed.HasLocal(TermiosBits.ECHO));
        Assert.True(changed.Is(200, TermiosIndex.VEOL2));
        Assert.Equal(12345u, changed.InputSpeed);
        Assert.Equal(115200u, changed.OutputSpeed);

        // The older structures: what has no place in them stays as it was.
        TerminalSettings again = changed.With(changed.ToTermio());
        Assert.True(again.Is(200, TermiosIndex.VEOL2));
        Assert.Equal(changed.Input, again.Input);
        Assert.Equal(changed.Hardware, again.Hardware);
    }

    [Theory]
    [InlineData(TermiosBits.B115200, 115200u)]
    [InlineData(13u, 9600u)] // B9600
    [InlineData(0u, 0u)] // B0
    [InlineData(TermiosBits.CBAUDEX | 15u, 4000000u)] // B4000000
    [InlineData(TermiosBits.BOTHER, 115200u)] // as it was
    public void Speeds_are_read_from_flags(uint code, uint expected)
    {
        Termios termios = TerminalSettings.CreateDefault().ToTermios();
        termios.c_cflag = (termios.c_cflag & ~TermiosBits.CBAUD) | code;
        Assert.Equal(expected, TerminalSettings.CreateDefault().With(termios).OutputSpeed);
    }

    [Fact]
    public void No_byte_is_a_disabled_control_character()
    {
        TerminalSettings settings = TerminalSettings.CreateDefault();
        Assert.Equal(0, settings.Character(TermiosIndex.VEOL));
        Assert.False(settings.Is(0, TermiosIndex.VEOL));
        Assert.True(settings.Is(3, TermiosIndex.VINTR));
        Assert.Equal("\x1c", Encoding.Latin1.GetString([settings.Character(TermiosIndex.VQUIT)]));
    }
}
