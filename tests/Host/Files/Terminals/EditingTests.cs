using System.Linq;
using Cashew.Abi;
using Xunit;

namespace Cashew.Host.Files.Terminals;

/// <summary>termios(3), "Canonical and noncanonical mode": lines, and the keys that edit them.</summary>
public sealed class EditingTests
{
    // Keys of the default settings.
    private const string Erase = "\x7f";
    private const string Kill = "\x15";
    private const string WordErase = "\x17";
    private const string LiteralNext = "\x16";
    private const string Reprint = "\x12";
    private const string EndOfFile = "\x04";

    // How one column disappears from a screen.
    private const string Rub = "\b \b";

    [Theory]
    [InlineData("abc\r", "abc\n", "abc\r\n")]
    [InlineData("abc\n", "abc\n", "abc\r\n")]
    [InlineData("abc" + Erase + "\n", "ab\n", "abc" + Rub + "\r\n")]
    [InlineData(Erase + "a\n", "a\n", "a\r\n")]
    [InlineData("a" + Erase + Erase + "b\n", "b\n", "a" + Rub + "b\r\n")]
    [InlineData("a\n" + Erase + "b\n", "a\n|b\n", "a\r\nb\r\n")] // not into a line that has ended
    [InlineData("abc def" + WordErase + "\n", "abc \n", "abc def" + Rub + Rub + Rub + "\r\n")]
    [InlineData("abc  " + WordErase + "x\n", "x\n", "abc  " + Rub + Rub + Rub + Rub + Rub + "x\r\n")]
    [InlineData("/usr/b_1" + WordErase + "\n", "/usr/\n", "/usr/b_1" + Rub + Rub + Rub + "\r\n")]
    [InlineData("a/-/" + WordErase + "\n", "\n", "a/-/" + Rub + Rub + Rub + Rub + "\r\n")]
    [InlineData("ab" + Kill + "c\n", "c\n", "ab" + Rub + Rub + "c\r\n")]
    [InlineData(Kill + "c\n", "c\n", "c\r\n")]
    [InlineData("ab" + Reprint + "c\n", "abc\n", "ab^R\r\nabc\r\n")]
    [InlineData(LiteralNext + "\x03\n", "\x03\n", "^\b^C\r\n")]
    [InlineData(LiteralNext + LiteralNext + "\n", LiteralNext + "\n", "^\b^V\r\n")]
    [InlineData(LiteralNext + "\n" + "\n", "\n\n", "^\b^J\r\n")] // a line end that ends no line
    [InlineData(LiteralNext + Erase + Erase + "\n", "\n", "^\b^?" + Rub + Rub + "\r\n")]
    [InlineData("\x01" + Erase + "\n", "\n", "^A" + Rub + Rub + "\r\n")]
    [InlineData("\0\n", "\0\n", "^@\r\n")] // no disabled character is NUL
    public void Keys_edit_the_line(string typed, string lines, string screen)
    {
        Line line = new();
        Assert.Equal(typed.Length, line.Type(typed));
        Assert.Equal(lines.Split('|'), line.ReadLines());
        Assert.Equal(screen, line.Port.Sent);
        Assert.Empty(line.SignalsSent);
    }

    [Theory]
    [InlineData(EndOfFile, "")]
    [InlineData(EndOfFile + EndOfFile, "|")]
    [InlineData("abc" + EndOfFile, "abc")]
    [InlineData("abc" + EndOfFile + "def\n", "abc|def\n")]
    [InlineData("abc" + EndOfFile + EndOfFile, "abc|")]
    [InlineData("abc\n" + EndOfFile, "abc\n|")]
    public void End_of_file_ends_a_read_and_is_not_read_itself(string typed, string lines)
    {
        Line line = new();
        line.Type(typed);
        Assert.Equal(lines.Split('|'), line.ReadLines());
        Assert.DoesNotContain("^D", line.Port.Sent);
    }

    [Theory]
    [InlineData(1, "a|b|c|\n")]
    [InlineData(2, "ab|c\n")]
    [InlineData(3, "abc|\n")]
    [InlineData(4, "abc\n")]
    public void A_short_read_leaves_the_rest_of_the_line(int roomBytes, string reads)
    {
        Line line = new();
        line.Type("abc\n");
        Assert.Equal(reads.Split('|'), line.ReadLines(roomBytes));
    }

    // Else the next read would find an end of file that nobody typed.
    [Theory]
    [InlineData(3, "abc|x\n")]
    [InlineData(2, "ab|c|x\n")]
    public void A_read_that_takes_all_before_an_end_of_file_takes_it_along(int roomBytes, string reads)
    {
        Line line = new();
        line.Type("abc" + EndOfFile + "x\n");
        Assert.Equal(reads.Split('|'), line.ReadLines(roomBytes));
    }

    [Fact]
    public void Half_a_line_cannot_be_read()
    {
        Line line = new();
        line.Type("abc");
        Assert.False(line.Input.HasLine);
        Assert.Equal(0, line.Input.ReadableInLines);
        line.Type("\nde" + EndOfFile + "f");
        Assert.Equal(6, line.Input.ReadableInLines);
        Assert.Equal(["abc\n", "de"], line.ReadLines());
    }

    [Fact]
    public void Other_characters_can_end_a_line()
    {
        Line line = new Line().With(characters: [(TermiosIndex.VEOL, (byte)';'), (TermiosIndex.VEOL2, (byte)'+')]);
        line.Type("a;b+c\n");
        Assert.Equal(["a;", "b+", "c\n"], line.ReadLines());
        Assert.Equal("a;b+c\r\n", line.Port.Sent);

        line.With(notLocal: TermiosBits.IEXTEN).Type("a;b+c\n");
        Assert.Equal(["a;", "b+c\n"], line.ReadLines());
    }

    [Fact]
    public void Extensions_can_be_switched_off()
    {
        const string Keys = WordErase + LiteralNext + Reprint;
        Line line = new Line().With(notLocal: TermiosBits.IEXTEN);
        line.Type("ab" + Keys + Erase + "\n");
        Assert.Equal(["ab" + Keys[..2] + "\n"], line.ReadLines());
    }

    [Fact]
    public void Keys_can_be_changed_and_disabled()
    {
        Line line = new Line().With(characters: [(TermiosIndex.VERASE, (byte)'#'), (TermiosIndex.VKILL, 0)]);
        line.Type("abc#" + Erase + Kill + "\n");
        Assert.Equal(["ab" + Erase + Kill + "\n"], line.ReadLines());
    }

    // ---- screens
    // ------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("", "\t" + Erase, "\t\b\b\b\b\b\b\b\b")]
    [InlineData("", "a\t" + Erase, "a\t\b\b\b\b\b\b\b")]
    [InlineData("", "a\t" + Erase + Erase, "a\t\b\b\b\b\b\b\b" + Rub)]
    [InlineData("$ ", "\t" + Erase, "$ \t\b\b\b\b\b\b")] // the line begins behind the prompt
    [InlineData("$ ", "ab\t" + Erase, "$ ab\t\b\b\b\b")]
    [InlineData("", "a\tb\t" + Erase, "a\tb\t\b\b\b\b\b\b\b")] // as wide as from one stop to the next
    [InlineData("", "\x01\t" + Erase, "^A\t\b\b\b\b\b\b")]
    [InlineData("12345678", "\t" + Erase, "12345678\t\b\b\b\b\b\b\b\b")]
    public void Erasing_a_tab_goes_back_to_where_it_began(string prompt, string typed, string screen)
    {
        Line line = new();
        line.Write(prompt);
        line.Type(typed);
        Assert.Equal(screen, line.Port.Sent);
    }

    [Fact]
    public void A_character_of_several_bytes_is_erased_at_once_if_the_terminal_knows()
    {
        const string TwoBytes = "\u00c3\u00a9";
        const string ThreeBytes = "\u00e2\u0082\u00ac";
        Line line = new Line().With(input: TermiosBits.IUTF8);
        line.Type("a" + TwoBytes + ThreeBytes + Erase + Erase + "\n");
        Assert.Equal(["a\n"], line.ReadLines());
        Assert.Equal("a" + TwoBytes + ThreeBytes + Rub + Rub + "\r\n", line.Port.Take());

        line.With(notInput: TermiosBits.IUTF8).Type("a" + TwoBytes + Erase + "\n");
        Assert.Equal(["a\u00c3\n"], line.ReadLines());
    }

    [Fact]
    public void Bytes_that_are_no_characters_stay_when_there_is_no_beginning_to_erase()
    {
        Line line = new Line().With(input: TermiosBits.IUTF8);
        line.Type("\u0082\u0082" + Erase + "\n");
        Assert.Equal(["\u0082\u0082\n"], line.ReadLines());
    }

    [Fact]
    public void Words_may_have_letters_of_other_alphabets()
    {
        const string Word = "na\u00c3\u00afve";
        Line line = new Line().With(input: TermiosBits.IUTF8);
        line.Type("x " + Word + WordErase + "\n");
        Assert.Equal(["x \n"], line.ReadLines());
    }

    [Theory]
    // ECHO off: nothing but, perhaps, the line end.
    [InlineData(TermiosBits.ECHO, 0u, "ab" + Erase + "\x01\n", "")]
    [InlineData(TermiosBits.ECHO, TermiosBits.ECHONL, "ab" + Erase + "\x01\n", "\r\n")]
    [InlineData(TermiosBits.ECHO, 0u, "a" + Kill + WordErase + Reprint + LiteralNext + "b", "")]
    // ECHOE off: the key itself is shown.
    [InlineData(TermiosBits.ECHOE, 0u, "ab" + Erase, "ab^?")]
    [InlineData(TermiosBits.ECHOE, 0u, "ab" + Kill, "ab^U\r\n")]
    // ECHOKE off: the line stays on the screen.
    [InlineData(TermiosBits.ECHOKE, 0u, "ab" + Kill, "ab^U\r\n")]
    [InlineData(TermiosBits.ECHOKE | TermiosBits.ECHOK, 0u, "ab" + Kill + "c", "ab^Uc")]
    // ECHOCTL off: control characters as they are, of no width.
    [InlineData(TermiosBits.ECHOCTL, 0u, "\x01" + Erase, "\x01")]
    [InlineData(TermiosBits.ECHOCTL, 0u, LiteralNext + "\x03", "\x03")]
    // ECHOPRT: for paper.
    [InlineData(0u, TermiosBits.ECHOPRT, "abc" + Erase + Erase + "d\n", "abc\\cb/d\r\n")]
    [InlineData(0u, TermiosBits.ECHOPRT, "a" + Erase + "b", "a\\a/b")]
    [InlineData(0u, TermiosBits.ECHOPRT, "ab" + Erase + "\n", "ab\\b\r\n")]
    public void Echo_has_many_forms(uint notLocal, uint local, string typed, string screen)
    {
        Line line = new Line().With(local: local, notLocal: notLocal);
        line.Type(typed);
        Assert.Equal(screen, line.Port.Sent);
    }

    // ---- limits
    // -------------------------------------------------------------------------------------------------

    // termios(3): "The maximum line length is 4096 chars (including the terminating newline character)".
    [Theory]
    [InlineData(4095, 4095)]
    [InlineData(4096, 4095)]
    [InlineData(9000, 4095)]
    public void An_overlong_line_is_cut_but_can_be_ended(int typedBytes, int keptBytes)
    {
        Line line = new Line().With(notLocal: TermiosBits.ECHO);
        Assert.Equal(typedBytes, line.Type(new string('x', typedBytes)));
        Assert.Equal("", line.Port.Take());
        Assert.Equal(1, line.Type("\n"));
        Assert.Equal([new string('x', keptBytes) + "\n"], line.ReadLines());
    }

    [Fact]
    public void What_does_not_fit_behind_whole_lines_waits_outside()
    {
        Line line = new();
        string typed = string.Concat(Enumerable.Repeat("0123456\n", 600));
        int taken = line.Type(typed);
        Assert.InRange(taken, 4000, 4096);
        string first = string.Concat(line.ReadLines());
        Assert.Equal(typed[..first.Length], first);
        Assert.Equal(typed.Length - taken, line.Type(typed[taken..]));
        Assert.Equal(typed, first + string.Concat(line.ReadLines()));
    }

    // ---- change of mode
    // -----------------------------------------------------------------------------------------

    [Fact]
    public void Half_a_line_is_readable_once_lines_do_not_matter()
    {
        Line line = new();
        line.Type("one\ntw");
        line.Raw();
        Assert.Equal("one\ntw", line.ReadBytes());
    }

    [Fact]
    public void What_was_typed_before_lines_mattered_is_a_line()
    {
        Line line = new Line().Raw();
        line.Type("one\ntw");
        line.With(local: TermiosBits.ICANON);
        Assert.Equal(["one\ntw"], line.ReadLines());
        line.Type("o\n");
        Assert.Equal(["o\n"], line.ReadLines());
    }

    [Fact]
    public void Nothing_typed_is_no_line_in_either_mode()
    {
        Line line = new Line().Raw().With(local: TermiosBits.ICANON);
        Assert.False(line.Input.HasLine);
        line.Type("a\n");
        Assert.Equal(["a\n"], line.ReadLines());
    }
}
