using System;
using System.Text;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Terminals;
using Xunit;

namespace Cashew.Host.Files.Terminals;

/// <summary>Short names for what tests do to terminals.</summary>
internal static class TerminalMachine
{
    internal static Terminal NewTerminal(TerminalPort? port = null) =>
        new("ttyT", new DeviceNumber(4, 99), port ?? new RecordingPort());

    internal static TerminalFile Open(Terminal terminal, uint flags = OpenBits.O_RDWR | OpenBits.O_NOCTTY)
    {
        Inode inode = PipeFilesystem.CreateInode(Credentials.ForRoot());
        Assert.True(inode.TryAddUser());
        Assert.True(TerminalDevice.TryOpen(
            terminal, inode, new OpenRequest(default, default, flags), becomesControlling: true, isConsole: false, out OpenFile? file, out _));
        return (TerminalFile)file;
    }

    internal static Errno OpenError(Terminal terminal)
    {
        Inode inode = PipeFilesystem.CreateInode(Credentials.ForRoot());
        Assert.False(TerminalDevice.TryOpen(
            terminal, inode, new OpenRequest(default, default, OpenBits.O_RDWR), true, false, out _, out Errno error));
        return error;
    }

    /// <summary>Single bytes instead of lines.</summary>
    internal static void MakeRaw(Terminal terminal, int minimum, int tenths)
    {
        Termios termios = terminal.Settings.ToTermios();
        termios.c_lflag &= ~(TermiosBits.ICANON | TermiosBits.ECHO);
        termios.c_cc[TermiosIndex.VMIN] = (byte)minimum;
        termios.c_cc[TermiosIndex.VTIME] = (byte)tenths;
        terminal.Change(terminal.Settings.With(termios));
    }

    internal static void SetLocal(Terminal terminal, uint flags)
    {
        Termios termios = terminal.Settings.ToTermios();
        termios.c_lflag |= flags;
        terminal.Change(terminal.Settings.With(termios));
    }

    internal static void Type(Terminal terminal, string text) =>
        Assert.Equal(text.Length, terminal.Receive(Encoding.Latin1.GetBytes(text)));

    /// <summary>Somebody types each of the texts so many milliseconds after the one before.</summary>
    internal static TestThread TypeLater(Terminal terminal, params (long AfterMs, string Text)[] texts) =>
        TestThread.Spawn(() =>
        {
            foreach ((long afterMs, string text) in texts)
            {
                FilesMachine.Nap(afterMs);
                Type(terminal, text);
            }
        });
}
