using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Cashew.Abi;
using Cashew.Files.Terminals;
using Xunit;

namespace Cashew.Host.Files.Terminals;

/// <summary>termios(3): c_iflag, signals and flow control.</summary>
public sealed class InputTests
{
    private const string Interrupt = "\x03";
    private const string Quit = "\x1c";
    private const string Suspend = "\x1a";
    private const string Stop = "\x13";
    private const string Start = "\x11";

    [Theory]
    [InlineData(TermiosBits.ICRNL, "\r\n", "\n\n")]
    [InlineData(0u, "\r\n", "\r\n")]
    [InlineData(TermiosBits.INLCR, "\r\n", "\r\r")]
    [InlineData(TermiosBits.ICRNL | TermiosBits.INLCR, "\r\n", "\n\r")]
    [InlineData(TermiosBits.IGNCR, "a\rb\n", "ab\n")]
    [InlineData(TermiosBits.IGNCR | TermiosBits.ICRNL, "a\rb\n", "ab\n")]
    [InlineData(TermiosBits.ISTRIP, "\u00e1\u008d", "a\r")]
    [InlineData(TermiosBits.ISTRIP | TermiosBits.ICRNL, "\u008d", "\n")]
    [InlineData(TermiosBits.IUCLC, "aBZ[", "abz[")]
    [InlineData(TermiosBits.PARMRK, "a\u00ffb", "a\u00ff\u00ffb")]
    [InlineData(TermiosBits.PARMRK | TermiosBits.ISTRIP, "\u00ff", "\x7f")]
    public void Input_is_translated(uint input, string typed, string expected)
    {
        const uint All = TermiosBits.ICRNL | TermiosBits.INLCR | TermiosBits.IGNCR | TermiosBits.ISTRIP
            | TermiosBits.IUCLC | TermiosBits.PARMRK;
        Line line = new Line().Raw().With(notInput: All).With(input: input);
        line.Type(typed);
        Assert.Equal(expected, line.ReadBytes());
    }

    [Fact]
    public void Upper_case_stays_without_the_extensions()
    {
        Line line = new Line().Raw().With(input: TermiosBits.IUCLC, notLocal: TermiosBits.IEXTEN);
        line.Type("aB");
        Assert.Equal("aB", line.ReadBytes());
    }

    [Theory]
    [InlineData(0u, 0, "\0")]
    [InlineData(TermiosBits.IGNBRK, 0, "")]
    [InlineData(TermiosBits.IGNBRK | TermiosBits.BRKINT, 0, "")]
    [InlineData(TermiosBits.BRKINT, Signals.SIGINT, "")]
    [InlineData(TermiosBits.PARMRK, 0, "\u00ff\0\0")]
    public void A_break_is_a_signal_a_mark_or_nothing(uint input, int signal, string expected)
    {
        const uint All = TermiosBits.IGNBRK | TermiosBits.BRKINT | TermiosBits.PARMRK;
        Line line = new Line().Raw().With(notInput: All).With(input: input);
        line.Break();
        Assert.Equal(signal == 0 ? [] : [signal], line.SignalsSent);
        Assert.Equal(expected, line.ReadBytes());
    }

    // ---- signals
    // ------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData(Interrupt, Signals.SIGINT, "^C")]
    [InlineData(Quit, Signals.SIGQUIT, "^\\")]
    [InlineData(Suspend, Signals.SIGTSTP, "^Z")]
    public void Three_keys_are_signals_and_take_away_what_was_typed(string key, int signal, string echo)
    {
        foreach (bool isCanonical in new[] { true, false })
        {
            Line line = isCanonical ? new Line() : new Line().Raw();
            line.Type("a\nbc");
            line.Type(key + "d\n");
            Assert.Equal([signal], line.SignalsSent);
            Assert.Equal("d\n", isCanonical ? string.Concat(line.ReadLines()) : line.ReadBytes());
            string newLine = isCanonical ? "\r\n" : "^J";
            Assert.Equal("a" + newLine + "bc" + echo + "d" + newLine, line.Port.Sent);
            Assert.Equal(1, line.Port.Discards);
        }
    }

    [Fact]
    public void Typing_stops_at_each_signal_so_that_it_can_be_sent()
    {
        TerminalOutput output = new(new RecordingPort());
        LineDiscipline discipline = new(output, TerminalSettings.CreateDefault());
        Assert.Equal(3, discipline.Accept(Encoding.Latin1.GetBytes("ab" + Interrupt + "cd"), out int signal));
        Assert.Equal(Signals.SIGINT, signal);
        Assert.Equal(2, discipline.Accept("cd"u8, out signal));
        Assert.Equal(0, signal);
    }

    [Fact]
    public void With_noflsh_nothing_is_taken_away()
    {
        Line line = new Line().With(local: TermiosBits.NOFLSH);
        line.Type("a\nb" + Interrupt + "c\n");
        Assert.Equal([Signals.SIGINT], line.SignalsSent);
        Assert.Equal(["a\n", "bc\n"], line.ReadLines());
        Assert.Equal(0, line.Port.Discards);
    }

    [Fact]
    public void Without_isig_they_are_characters()
    {
        Line line = new Line().With(notLocal: TermiosBits.ISIG);
        line.Type(Interrupt + Quit + Suspend + "\n");
        Assert.Empty(line.SignalsSent);
        Assert.Equal([Interrupt + Quit + Suspend + "\n"], line.ReadLines());
        Assert.Equal("^C^\\^Z\r\n", line.Port.Sent);
    }

    [Fact]
    public void A_signal_is_not_echoed_without_echo_and_sends_what_was_held()
    {
        Line line = new Line().With(notLocal: TermiosBits.ECHO, local: TermiosBits.NOFLSH);
        line.Type(Stop);
        line.Write("held");
        Assert.Equal("", line.Port.Sent);
        line.Type(Interrupt);
        Assert.Equal("held", line.Port.Sent);
    }

    // ---- flow control
    // -------------------------------------------------------------------------------------------

    [Fact]
    public void Output_and_echo_wait_between_stop_and_start()
    {
        Line line = new();
        line.Type(Stop);
        Assert.False(line.Output.HasRoom);
        line.Write("out\n");
        line.Type("ab\n");
        Assert.Equal("", line.Port.Sent);
        Assert.Equal(["ab\n"], line.ReadLines());
        Assert.Equal(5, line.Output.PendingBytes); // nobody waits for echo

        line.Type(Start);
        Assert.Equal("out\r\nab\r\n", line.Port.Sent);
        Assert.True(line.Output.HasRoom);
        Assert.Equal(0, line.Output.PendingBytes);
    }

    [Fact]
    public void Any_key_starts_with_ixany_and_is_taken_as_well()
    {
        Line line = new Line().With(input: TermiosBits.IXANY);
        line.Type(Stop);
        line.Write("x");
        line.Type("a\n");
        Assert.Equal("xa\r\n", line.Port.Sent);
        Assert.Equal(["a\n"], line.ReadLines());
    }

    [Fact]
    public void Without_ixon_stop_and_start_are_characters()
    {
        Line line = new Line().With(notInput: TermiosBits.IXON);
        line.Type(Stop + Start + "\n");
        Assert.True(line.Output.HasRoom);
        Assert.Equal([Stop + Start + "\n"], line.ReadLines());
    }

    [Fact]
    public void Switching_ixon_off_starts_what_no_key_could_start_any_more()
    {
        Line line = new();
        line.Type(Stop);
        line.Write("x");
        line.With(notInput: TermiosBits.IXON);
        Assert.Equal("x", line.Port.Sent);
    }

    // ioctl_tty(2), TCOOFF "Suspends output": only TCOON ends that.
    [Fact]
    public void What_a_program_has_stopped_no_key_starts()
    {
        Line line = new Line().With(input: TermiosBits.IXANY, local: TermiosBits.NOFLSH);
        line.Output.StopByProgram();
        line.Write("x");
        line.Type(Start + "a" + Interrupt);
        line.With(notInput: TermiosBits.IXON);
        Assert.Equal("", line.Port.Sent);
        line.Output.Start();
        Assert.Equal("x", line.Port.Sent);
        line.Type("b");
        Assert.Equal("xa^Cb", line.Port.Sent);
    }

    [Fact]
    public void What_comes_with_a_stop_is_not_echoed_before_the_start()
    {
        Line line = new();
        line.Type("ab" + Stop + "c");
        Assert.Equal("", line.Port.Sent);
        line.Type(Start);
        Assert.Equal("abc", line.Port.Sent);
    }

    [Fact]
    public void A_signal_throws_held_output_away()
    {
        Line line = new();
        line.Type(Stop);
        line.Write("x");
        line.Type(Interrupt);
        Assert.Equal("^C", line.Port.Sent);
    }

    [Fact]
    public void A_sender_is_asked_to_pause_and_to_go_on()
    {
        Line line = new Line().Raw().With(input: TermiosBits.IXOFF, notLocal: TermiosBits.ECHO);
        line.Type(new string('x', 3000));
        Assert.Equal("", line.Port.Take());
        line.Type(new string('x', 200));
        Assert.Equal(Stop, line.Port.Take());
        line.Type(new string('x', 200));
        Assert.Equal("", line.Port.Take());
        line.ReadBytes(1000);
        Assert.Equal("", line.Port.Take());
        line.ReadBytes(2000);
        Assert.Equal(Start, line.Port.Take());
    }

    // ---- the buffer
    // ---------------------------------------------------------------------------------------------

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Buffer_agrees_with_a_list_of_lines(int seed)
    {
        Random random = new(seed);
        InputBuffer buffer = new();
        List<(byte Value, bool IsEnd)> model = [];
        for (int step = 0; step < 20_000; step++)
        {
            int edited = model.Count - (model.FindLastIndex(static entry => entry.IsEnd) + 1);
            Assert.Equal(edited, buffer.EditedCount);
            Assert.Equal(model.Count, buffer.Count);
            Assert.Equal(edited != model.Count, buffer.HasLine);
            byte value = (byte)random.Next(256);
            switch (random.Next(12))
            {
                case < 6 when buffer.RoomBytes > 0:
                    buffer.Add(value);
                    model.Add((value, false));
                    break;
                case 6 when buffer.RoomBytes > 0:
                    byte end = random.Next(3) == 0 ? InputBuffer.EndOfFile : (byte)'\n';
                    buffer.EndLine(end);
                    model.Add((end, true));
                    break;
                case 7 when edited > 0:
                    int removed = random.Next(1, edited + 1);
                    buffer.RemoveLast(removed);
                    model.RemoveRange(model.Count - removed, removed);
                    break;
                case 8 or 9 when buffer.HasLine:
                    byte[] room = new byte[random.Next(1, 30)];
                    Assert.Equal(TakeLine(model, room.Length), room[..buffer.ReadLine(room, out _)]);
                    break;
                case 10 when edited > 0:
                    int distance = random.Next(1, edited + 1);
                    Assert.Equal(model[^distance].Value, buffer.FromEnd(distance));
                    break;
                case 11 when random.Next(200) == 0:
                    buffer.Clear();
                    model.Clear();
                    break;
            }
        }
    }

    private static byte[] TakeLine(List<(byte Value, bool IsEnd)> model, int most)
    {
        List<byte> taken = [];
        while (model.Count != 0)
        {
            (byte value, bool isEnd) = model[0];
            bool isEndOfFile = isEnd && value == InputBuffer.EndOfFile;
            if (taken.Count == most && !isEndOfFile) break;
            model.RemoveAt(0);
            if (!isEndOfFile) taken.Add(value);
            if (isEnd) break;
        }

        return [.. taken];
    }
}
