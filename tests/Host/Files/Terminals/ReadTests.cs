using System.Collections.Generic;
using System.Linq;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Terminals;
using Cashew.Machine.Simulated;
using Xunit;
using static Cashew.Host.Files.FilesMachine;
using static Cashew.Host.Files.Terminals.TerminalMachine;

namespace Cashew.Host.Files.Terminals;

/// <summary>termios(3), "Canonical and noncanonical mode": how long a read waits, and for what.</summary>
public sealed class ReadTests
{
    private const string Nothing = "";

    // MIN and TIME in tenths of a second; what is typed, each so many ms after the one before; how much is
    // asked for; what comes, and after how long.
    [Theory]
    // MIN == 0, TIME == 0: what there is.
    [InlineData(0, 0, "", 10, Nothing, 0)]
    [InlineData(0, 0, "50:a", 10, Nothing, 0)]
    [InlineData(0, 0, "0:abc", 10, "abc", 1)]
    [InlineData(0, 0, "0:abc", 2, "ab", 1)]
    // MIN > 0, TIME == 0: at least MIN, or as many as asked for if that is less.
    [InlineData(1, 0, "50:a 50:b", 10, "a", 50)]
    [InlineData(3, 0, "50:a 50:b 50:c 50:d", 10, "abc", 150)]
    [InlineData(3, 0, "50:ab 50:cde", 10, "abcde", 100)]
    [InlineData(3, 0, "50:a 50:b 50:c", 2, "ab", 100)]
    // MIN == 0, TIME > 0: the first byte, or the end of the time.
    [InlineData(0, 2, "", 10, Nothing, 200)]
    [InlineData(0, 2, "50:a 50:b", 10, "a", 50)]
    [InlineData(0, 2, "250:a", 10, Nothing, 200)]
    // MIN > 0, TIME > 0: the time counts from byte to byte, and not before the first.
    [InlineData(3, 2, "500:a", 10, "a", 700)]
    [InlineData(3, 2, "50:a 150:b 150:c 150:d", 10, "abc", 350)]
    [InlineData(3, 2, "50:a 150:b 250:c", 10, "ab", 400)]
    [InlineData(3, 2, "50:a 150:b 150:c", 2, "ab", 200)]
    [InlineData(2, 1, "500:a 50:b", 10, "ab", 550)]
    public void Min_and_time_decide(int minimum, int tenths, string typing, int room, string expected, long afterMs)
    {
        ThreadedMachine.Run(() =>
        {
            Terminal terminal = NewTerminal();
            TerminalFile file = Open(terminal);
            MakeRaw(terminal, minimum, tenths);
            TestThread typist = TypeLater(terminal, Parse(typing));
            if (typing.StartsWith("0:")) Nap(1);

            long took = Measure(() => Assert.Equal(expected, ReadText(file, room)));

            Assert.Equal(typing.StartsWith("0:") ? 0 : afterMs, took);
            typist.Join();
            file.Release();
        });
    }

    [Theory]
    [InlineData(0, 0, "", Errno.None)]
    [InlineData(0, 2, "", Errno.EAGAIN)]
    [InlineData(1, 0, "", Errno.EAGAIN)]
    [InlineData(3, 2, "", Errno.EAGAIN)]
    [InlineData(3, 2, "a", Errno.None)]
    [InlineData(3, 0, "a", Errno.None)]
    public void Without_waiting_what_there_is_is_enough(int minimum, int tenths, string typed, Errno expected)
    {
        ThreadedMachine.Run(() =>
        {
            Terminal terminal = NewTerminal();
            TerminalFile file = Open(terminal, OpenBits.O_RDWR | OpenBits.O_NONBLOCK | OpenBits.O_NOCTTY);
            MakeRaw(terminal, minimum, tenths);
            Type(terminal, typed);
            IoResult result = Read(file, new byte[10]);
            Assert.Equal(expected, result.Error);
            Assert.Equal(typed.Length, result.Count);
            file.Release();
        });
    }

    [Theory]
    [InlineData(1, 0, "", Errno.ERESTARTSYS)]
    [InlineData(3, 0, "ab", Errno.None)] // what has come is not lost
    [InlineData(3, 5, "ab", Errno.None)]
    [InlineData(3, 5, "", Errno.ERESTARTSYS)]
    [InlineData(0, 5, "", Errno.ERESTARTSYS)] // and not an empty read, which would mean that the time is up
    public void A_signal_ends_the_wait(int minimum, int tenths, string typed, Errno expected)
    {
        ThreadedMachine.Run(() =>
        {
            Terminal terminal = NewTerminal();
            TerminalFile file = Open(terminal);
            MakeRaw(terminal, minimum, tenths);
            Type(terminal, typed);
            Thread self = Thread.Current;
            TestThread.Spawn(() =>
            {
                Nap(100);
                self.RequestInterrupt();
            });
            IoResult result = default;
            Assert.Equal(100, Measure(() => result = Read(file, new byte[10])));
            Assert.Equal(expected, result.Error);
            Assert.Equal(typed.Length, result.Count);
            self.ClearInterrupt();
            file.Release();
        });
    }

    [Fact]
    public void Bytes_that_somebody_else_has_read_do_not_count()
    {
        ThreadedMachine.Run(static () =>
        {
            Terminal terminal = NewTerminal();
            TerminalFile file = Open(terminal);
            TerminalFile other = Open(terminal, OpenBits.O_RDWR | OpenBits.O_NONBLOCK | OpenBits.O_NOCTTY);
            MakeRaw(terminal, minimum: 2, tenths: 3);
            TestThread thief = TestThread.Spawn(() =>
            {
                Nap(100);
                Type(terminal, "a");
                Nap(100);
                Assert.Equal("a", ReadText(other));
                Nap(800);
                Type(terminal, "b");
            });
            // From the second byte on: 1000 ms and the time between bytes.
            Assert.Equal(1300, Measure(() => Assert.Equal("b", ReadText(file))));
            thief.Join();
            file.Release();
            other.Release();
        });
    }

    [Theory]
    [InlineData(1, 0, "a", true)]
    [InlineData(2, 0, "a", false)] // as on Linux: poll waits for MIN if there is no time
    [InlineData(2, 0, "ab", true)]
    [InlineData(2, 1, "a", true)]
    [InlineData(0, 0, "", false)]
    public void Polling_looks_at_min(int minimum, int tenths, string typed, bool isReadable)
    {
        ThreadedMachine.Run(() =>
        {
            Terminal terminal = NewTerminal();
            TerminalFile file = Open(terminal);
            MakeRaw(terminal, minimum, tenths);
            Type(terminal, typed);
            Assert.Equal(isReadable, (file.Poll(null) & PollBits.POLLIN) != 0);
            Assert.NotEqual(0u, file.Poll(null) & PollBits.POLLOUT);
            file.Release();
        });
    }

    // ---- lines
    // --------------------------------------------------------------------------------------------------

    [Fact]
    public void A_reader_waits_for_a_whole_line_and_gets_one_at_a_time()
    {
        ThreadedMachine.Run(static () =>
        {
            Terminal terminal = NewTerminal();
            TerminalFile file = Open(terminal);
            TestThread typist = TypeLater(terminal, (10, "ab"), (10, "c\rsecond\rthi"), (10, "rd\x04"), (10, "\x04"));
            Assert.Equal(0u, file.Poll(null) & PollBits.POLLIN);
            Assert.Equal(20, Measure(() => Assert.Equal("abc\n", ReadText(file))));
            Assert.NotEqual(0u, file.Poll(null) & PollBits.POLLIN);
            Assert.Equal("second\n", ReadText(file));
            Assert.Equal(10, Measure(() => Assert.Equal("third", ReadText(file))));
            Assert.Equal(10, Measure(() => Assert.Equal("", ReadText(file))));
            typist.Join();
            file.Release();
        });
    }

    // Longer than the pieces in which it is copied, up to the longest there is.
    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(512)]
    [InlineData(4095)]
    public void A_long_line_comes_in_one_read(int length)
    {
        ThreadedMachine.Run(() =>
        {
            Terminal terminal = NewTerminal();
            TerminalFile file = Open(terminal);
            string line = new('x', length);
            Type(terminal, line + "\n");
            Assert.Equal(line + "\n", ReadText(file, 8192));
            if (length < 4095)
            {
                Type(terminal, line + "\x04next\n");
                Assert.Equal(line, ReadText(file, 8192));
                Assert.Equal("next\n", ReadText(file, 8192));
            }

            file.Release();
        });
    }

    [Fact]
    public void Two_readers_never_share_a_line()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            ThreadedMachine.Run(
                static () =>
                {
                    Terminal terminal = NewTerminal();
                    TerminalFile file = Open(terminal);
                    List<string> read = [];
                    TestThread[] readers = [TestThread.Spawn(ReadOn), TestThread.Spawn(ReadOn)];
                    string[] lines = [.. Enumerable.Range(1, 20).Select(static i => new string((char)('a' + i), i * 20) + "\n")];
                    foreach (string line in lines)
                    {
                        Type(terminal, line);
                        Nap(1);
                    }

                    Type(terminal, "\x04\x04");
                    TestThread.JoinAll(readers);
                    Assert.Equal(lines, read.OrderBy(static line => line.Length));
                    file.Release();

                    void ReadOn()
                    {
                        while (ReadText(file) is { Length: > 0 } line) read.Add(line);
                    }
                },
                new SimulationOptions { Seed = seed });
        }
    }

    [Fact]
    public void A_change_of_mode_wakes_who_waits_for_a_line()
    {
        ThreadedMachine.Run(static () =>
        {
            Terminal terminal = NewTerminal();
            TerminalFile file = Open(terminal);
            Type(terminal, "half");
            TestThread.Spawn(() =>
            {
                Nap(5);
                MakeRaw(terminal, minimum: 1, tenths: 0);
            });
            Assert.Equal(5, Measure(() => Assert.Equal("half", ReadText(file))));
            file.Release();
        });
    }

    private static (long, string)[] Parse(string typing) =>
    [
        .. typing.Split(' ', System.StringSplitOptions.RemoveEmptyEntries).Select(static part =>
            (long.Parse(part.Split(':')[0]), part.Split(':')[1])),
    ];
}
