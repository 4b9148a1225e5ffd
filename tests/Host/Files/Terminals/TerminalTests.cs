using System;
using System.Linq;
using System.Text;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Terminals;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Xunit;
using static Cashew.Host.Files.FilesMachine;
using static Cashew.Host.Files.Terminals.TerminalMachine;

namespace Cashew.Host.Files.Terminals;

/// <summary>Writing, devices, hang-ups and job control.</summary>
public sealed class TerminalTests
{
    // ---- writing
    // ------------------------------------------------------------------------------------------------

    [Fact]
    public void A_writer_waits_while_the_output_is_stopped()
    {
        ThreadedMachine.Run(static () =>
        {
            RecordingPort port = new();
            Terminal terminal = NewTerminal(port);
            TerminalFile file = Open(terminal);
            Type(terminal, "\x13");
            Assert.Equal(0u, file.Poll(null) & PollBits.POLLOUT);
            TestThread typist = TypeLater(terminal, (8, "\x11"));
            Assert.Equal(8, Measure(() => WriteText(file, "hello\n")));
            Assert.Equal("hello\r\n", port.Sent);
            typist.Join();
            file.Release();
        });
    }

    [Fact]
    public void A_slow_line_gets_all_in_order_while_somebody_types()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Random random = new(seed);
            ThreadedMachine.Run(
                () =>
                {
                    SimulatedConsole console = new() { CapacityBytes = 16 };
                    Terminal terminal = NewTerminal(new ConsolePort(console));
                    Assert.True(TerminalReceiver.TryConnect(console, terminal));
                    TerminalFile file = Open(terminal);
                    bool isOver = false;
                    TestThread line = TestThread.Spawn(() =>
                    {
                        while (!isOver || console.PendingBytes > 0)
                        {
                            console.Drain(random.Next(1, 20));
                            Nap(1);
                        }
                    });
                    string text = string.Concat(Enumerable.Range(0, 60).Select(static i => $"line {i}\n"));
                    TestThread typist = TestThread.Spawn(() =>
                    {
                        for (int i = 0; i < 20; i++)
                        {
                            console.Type("%");
                            Nap(random.Next(4));
                        }
                    });
                    WriteText(file, text);
                    typist.Join();
                    Nap(50);
                    isOver = true;
                    line.Join();

                    string output = console.Output;
                    Assert.Equal(20, output.Count(static letter => letter == '%'));
                    Assert.Equal(text.Replace("\n", "\r\n"), output.Replace("%", ""));
                    file.Release();
                },
                new SimulationOptions { Seed = seed });
        }
    }

    [Fact]
    public void A_signal_ends_the_wait_of_a_writer()
    {
        ThreadedMachine.Run(static () =>
        {
            Terminal terminal = NewTerminal();
            TerminalFile file = Open(terminal);
            Type(terminal, "\x13");
            Thread self = Thread.Current;
            TestThread.Spawn(() =>
            {
                Nap(3);
                self.RequestInterrupt();
            });
            Assert.Equal(Errno.ERESTARTSYS, Write(file, "x"u8).Error);
            self.ClearInterrupt();
            file.SetNonBlocking(true);
            Assert.Equal(Errno.EAGAIN, Write(file, "x"u8).Error);
            file.Release();
        });
    }

    // ---- devices
    // ------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_is_typed_in_bursts_arrives_in_order_however_slowly_it_is_read(int cpuCount)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            Random random = new(seed);
            SimulatedConsole console = new();
            Terminal terminal = NewTerminal(new ConsolePort(console));
            ThreadedMachine.RunOnAll(
                cpu =>
                {
                    if (cpu != 0) return;
                    Assert.True(TerminalReceiver.TryConnect(console, terminal));
                    TerminalFile file = Open(terminal);
                    MakeRaw(terminal, minimum: 1, tenths: 0);
                    // More than the terminal has room for, less than the receiver has.
                    string typed = string.Concat(Enumerable.Range(0, 2000).Select(static i => $"{i:d4},"));
                    TestThread typist = TestThread.Spawn(() =>
                    {
                        for (int at = 0; at < typed.Length;)
                        {
                            int count = Math.Min(random.Next(1, 900), typed.Length - at);
                            console.Type(typed.Substring(at, count));
                            at += count;
                            if (random.Next(2) == 0) Nap(1);
                        }
                    });
                    StringBuilder read = new();
                    while (read.Length < typed.Length)
                    {
                        read.Append(ReadText(file, random.Next(1, 700)));
                        if (random.Next(3) == 0) Nap(1);
                    }

                    Assert.Equal(typed, read.ToString());
                    typist.Join();
                    file.Release();
                },
                new SimulationOptions { Seed = seed, CpuCount = cpuCount });
        }
    }

    [Fact]
    public void A_break_reaches_the_foreground()
    {
        ThreadedMachine.Run(static () =>
        {
            TestJobs jobs = TestJobs.Install();
            SimulatedConsole console = new();
            Terminal terminal = NewTerminal(new ConsolePort(console));
            Assert.True(TerminalReceiver.TryConnect(console, terminal));
            TestJobs.TestGroup group = Control(jobs, terminal);
            Termios termios = terminal.Settings.ToTermios();
            termios.c_iflag |= TermiosBits.BRKINT;
            terminal.Change(terminal.Settings.With(termios));
            console.Break();
            Nap(1);
            Assert.Equal([Signals.SIGINT], group.SignalsGot);
        });
    }

    // ---- hang-up
    // ------------------------------------------------------------------------------------------------

    [Fact]
    public void A_hang_up_is_the_end_for_all_who_have_the_terminal_open()
    {
        ThreadedMachine.Run(static () =>
        {
            TestJobs jobs = TestJobs.Install();
            Terminal terminal = NewTerminal();
            TestJobs.TestGroup group = Control(jobs, terminal);
            TerminalFile file = Open(terminal);
            Type(terminal, "typed\n\x13");
            TestThread reader = TestThread.Spawn(() =>
            {
                Assert.Equal("typed\n", ReadText(file));
                Assert.Equal("", ReadText(file)); // waits until then
            });
            TestThread writer = TestThread.Spawn(() => Assert.Equal(Errno.EIO, Write(file, "x"u8).Error));
            Nap(2);
            Assert.Equal((uint)PollBits.POLLHUP, HangUp(terminal, file) & PollBits.POLLHUP);
            TestThread.JoinAll(reader, writer);

            // The leader is told; its end tells the foreground.
            TestJobs.TestSession session = (TestJobs.TestSession)group.Session;
            Assert.Equal([Signals.SIGHUP, Signals.SIGCONT], session.LeaderSignals);
            Assert.Empty(group.SignalsGot);
            Assert.Null(group.Session.Terminal);
            Assert.Null(terminal.Session);
            Assert.Equal(Errno.EIO, Write(file, "x"u8).Error);
            Assert.Equal("", ReadText(file));
            Assert.Equal(Errno.EIO, file.Control(IoctlNumbers.TCGETS, 0).Error);
            Assert.Equal(Errno.ENOTTY, file.Control(IoctlNumbers.TIOCSPGRP, 0).Error);

            // Whoever opens it now has it as new.
            TerminalFile later = Open(terminal);
            WriteText(later, "y");
            Assert.Equal(0u, later.Poll(null) & PollBits.POLLHUP);
            later.Release();
            file.Release();
        });

        static uint HangUp(Terminal terminal, TerminalFile file)
        {
            terminal.HangUp();
            return file.Poll(null);
        }
    }

    // ---- job control
    // --------------------------------------------------------------------------------------------

    [Fact]
    public void Keys_signal_the_foreground_group()
    {
        ThreadedMachine.Run(static () =>
        {
            TestJobs jobs = TestJobs.Install();
            Terminal terminal = NewTerminal();
            TestJobs.TestGroup group = Control(jobs, terminal);
            Type(terminal, "a\x03" + "b\x1c" + "c\x1a");
            Assert.Equal([Signals.SIGINT, Signals.SIGQUIT, Signals.SIGTSTP], group.SignalsGot);
        });
    }

    // What a background process gets that reads: does it ignore the signal, is its group orphaned.
    [Theory]
    [InlineData(false, false, Errno.ERESTARTSYS, true)]
    [InlineData(true, false, Errno.EIO, false)]
    [InlineData(false, true, Errno.EIO, false)]
    [InlineData(true, true, Errno.EIO, false)]
    public void Reading_in_the_background_stops(bool ignores, bool isOrphaned, Errno expected, bool isSignaled)
    {
        ThreadedMachine.Run(() =>
        {
            (TestJobs jobs, TerminalFile file, TestJobs.TestGroup background) = Background(isOrphaned);
            if (ignores) jobs.Ignored.Add(Signals.SIGTTIN);
            Type(file.Terminal, "line\n");
            Assert.Equal(expected, Read(file, new byte[9]).Error);
            Assert.Equal(isSignaled ? [Signals.SIGTTIN] : [], background.SignalsGot);
            file.Release();
        });
    }

    [Theory]
    [InlineData(false, false, false, Errno.None, false)]
    [InlineData(true, false, false, Errno.ERESTARTSYS, true)]
    [InlineData(true, true, false, Errno.None, false)]
    [InlineData(true, false, true, Errno.EIO, false)]
    [InlineData(true, true, true, Errno.None, false)]
    public void Writing_in_the_background_stops_if_the_terminal_says_so(
        bool isTostop, bool ignores, bool isOrphaned, Errno expected, bool isSignaled)
    {
        ThreadedMachine.Run(() =>
        {
            (TestJobs jobs, TerminalFile file, TestJobs.TestGroup background) = Background(isOrphaned);
            if (isTostop) SetLocal(file.Terminal, TermiosBits.TOSTOP);
            if (ignores) jobs.Ignored.Add(Signals.SIGTTOU);
            Assert.Equal(expected, Write(file, "x"u8).Error);
            Assert.Equal(isSignaled ? [Signals.SIGTTOU] : [], background.SignalsGot);
            file.Release();
        });
    }

    [Fact]
    public void Another_session_s_processes_are_not_in_the_background()
    {
        ThreadedMachine.Run(static () =>
        {
            (TestJobs jobs, TerminalFile file, _) = Background(isOrphaned: false);
            jobs.Caller = jobs.NewGroup(77, new TestJobs.TestSession(77));
            Type(file.Terminal, "line\n");
            Assert.Equal("line\n", ReadText(file));
            jobs.Caller = null; // a kernel thread
            SetLocal(file.Terminal, TermiosBits.TOSTOP);
            WriteText(file, "x");
            file.Release();
        });
    }

    [Fact]
    public void The_first_terminal_that_a_session_leader_opens_is_its_own()
    {
        ThreadedMachine.Run(static () =>
        {
            TestJobs jobs = TestJobs.Install();
            TestJobs.TestSession session = new(5);
            jobs.Caller = jobs.NewGroup(5, session);
            Terminal first = NewTerminal();
            Terminal second = NewTerminal();
            Open(first, OpenBits.O_RDWR).Release();
            Assert.Null(session.Terminal); // not a leader
            jobs.IsLeader = true;
            Open(first, OpenBits.O_RDWR | OpenBits.O_NOCTTY).Release();
            Open(first, OpenBits.O_WRONLY).Release();
            Assert.Null(session.Terminal);
            Open(first, OpenBits.O_RDWR).Release();
            Assert.Same(first, session.Terminal);
            Assert.Same(jobs.Caller, first.Foreground);
            Open(second, OpenBits.O_RDWR).Release();
            Assert.Same(first, session.Terminal);
            Assert.Null(second.Session);

            // Nor does it take one away from another session.
            TestJobs.TestSession other = new(6);
            jobs.Caller = jobs.NewGroup(6, other);
            Open(first, OpenBits.O_RDWR).Release();
            Assert.Null(other.Terminal);
        });
    }

    // ioctl_tty(2), TIOCSCTTY.
    [Theory]
    [InlineData(false, false, true, false, false, Errno.EPERM)] // not a leader
    [InlineData(true, false, true, false, false, Errno.None)]
    [InlineData(true, false, false, false, false, Errno.EPERM)] // not open for reading
    [InlineData(true, false, false, true, false, Errno.None)]
    [InlineData(true, true, true, false, false, Errno.EPERM)] // somebody else's
    [InlineData(true, true, true, true, false, Errno.EPERM)] // and not taken by force
    [InlineData(true, true, true, false, true, Errno.EPERM)]
    [InlineData(true, true, true, true, true, Errno.None)]
    public void A_controlling_terminal_is_taken_by_leaders_only(
        bool isLeader, bool isTaken, bool canRead, bool isAdministrator, bool byForce, Errno expected)
    {
        ThreadedMachine.Run(() =>
        {
            TestJobs jobs = TestJobs.Install();
            Terminal terminal = NewTerminal();
            TestJobs.TestGroup? owner = isTaken ? Control(jobs, terminal) : null;
            TestJobs.TestSession session = new(8);
            jobs.Caller = jobs.NewGroup(8, session);
            jobs.IsLeader = isLeader;
            if (isAdministrator) jobs.Capabilities.Add(Capability.CAP_SYS_ADMIN);

            Assert.Equal(expected, terminal.BecomeControlling(byForce, canRead));

            bool isOurs = expected == Errno.None;
            Assert.Same(isOurs ? terminal : null, session.Terminal);
            Assert.Same(isOurs ? session : owner?.Session, terminal.Session);
            if (isOurs) Assert.Null(owner?.Session.Terminal);
        });
    }

    [Fact]
    public void A_process_gives_the_terminal_up_for_itself_and_a_leader_for_the_session()
    {
        ThreadedMachine.Run(static () =>
        {
            (TestJobs jobs, TerminalFile file, TestJobs.TestGroup background) = Background(isOrphaned: false);
            Terminal terminal = file.Terminal;
            TestJobs.TestGroup foreground = (TestJobs.TestGroup)terminal.Foreground!;
            Assert.Equal(0, file.Control(IoctlNumbers.TIOCNOTTY, 0).Value);
            Assert.True(jobs.HasGivenUp);
            Assert.Equal(Errno.ENOTTY, file.Control(IoctlNumbers.TIOCNOTTY, 0).Error);
            Type(terminal, "line\n");
            Assert.Equal("line\n", ReadText(file)); // no longer in its background
            Assert.Empty(background.SignalsGot);
            Assert.NotNull(terminal.Session);

            jobs.Caller = foreground;
            jobs.HasGivenUp = false;
            jobs.IsLeader = true;
            Assert.Equal(0, file.Control(IoctlNumbers.TIOCNOTTY, 0).Value);
            Assert.Null(terminal.Session);
            Assert.Equal([Signals.SIGHUP, Signals.SIGCONT], foreground.SignalsGot);
            file.Release();
        });
    }

    [Fact]
    public void Exclusive_use_keeps_others_out_until_the_last_close()
    {
        ThreadedMachine.Run(static () =>
        {
            TestJobs jobs = TestJobs.Install();
            Terminal terminal = NewTerminal();
            TerminalFile file = Open(terminal);
            Assert.Equal(0, file.Control(IoctlNumbers.TIOCEXCL, 0).Value);
            Assert.Equal(Errno.EBUSY, OpenError(terminal));
            jobs.Capabilities.Add(Capability.CAP_SYS_ADMIN);
            Open(terminal).Release();
            jobs.Capabilities.Clear();
            file.Release();
            Open(terminal).Release();
        });
    }

    private static TestJobs.TestGroup Control(TestJobs jobs, Terminal terminal)
    {
        TestJobs.TestGroup group = jobs.NewGroup(3, new TestJobs.TestSession(3));
        jobs.Caller = group;
        jobs.IsLeader = true;
        Assert.Equal(Errno.None, terminal.BecomeControlling(byForce: false, canRead: true));
        jobs.Caller = null;
        jobs.IsLeader = false;
        return group;
    }

    private static (TestJobs, TerminalFile, TestJobs.TestGroup) Background(bool isOrphaned)
    {
        TestJobs jobs = TestJobs.Install();
        Terminal terminal = NewTerminal();
        TestJobs.TestGroup foreground = Control(jobs, terminal);
        TestJobs.TestGroup background = jobs.NewGroup(4, (TestJobs.TestSession)foreground.Session);
        background.IsOrphan = isOrphaned;
        jobs.Caller = background;
        return (jobs, Open(terminal), background);
    }
}
