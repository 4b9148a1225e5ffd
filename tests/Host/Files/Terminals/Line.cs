using System;
using System.Collections.Generic;
using System.Text;
using Cashew.Abi;
using Cashew.Files.Terminals;

namespace Cashew.Host.Files.Terminals;

/// <summary>A line discipline with its two ends in a test's hands. Text is Latin-1: a character a
/// byte.</summary>
internal sealed class Line
{
    private readonly TerminalOutput _output;
    private readonly LineDiscipline _discipline;

    internal Line()
    {
        Port = new RecordingPort();
        _output = new TerminalOutput(Port);
        _discipline = new LineDiscipline(_output, TerminalSettings.CreateDefault());
    }

    internal RecordingPort Port { get; }

    internal TerminalOutput Output => _output;

    internal InputBuffer Input => _discipline.Input;

    /// <summary>Signals so far.</summary>
    internal List<int> SignalsSent { get; } = [];

    /// <summary>Sets and clears flags of c_iflag, c_oflag and c_lflag, and control characters.</summary>
    internal Line With(
        uint input = 0, uint notInput = 0, uint output = 0, uint notOutput = 0, uint local = 0, uint notLocal = 0,
        params ReadOnlySpan<(int Index, byte Value)> characters)
    {
        Termios termios = _discipline.Settings.ToTermios();
        termios.c_iflag = (termios.c_iflag | input) & ~notInput;
        termios.c_oflag = (termios.c_oflag | output) & ~notOutput;
        termios.c_lflag = (termios.c_lflag | local) & ~notLocal;
        foreach ((int index, byte value) in characters) termios.c_cc[index] = value;
        _discipline.Change(_discipline.Settings.With(termios));
        return this;
    }

    internal Line Raw() => With(notLocal: TermiosBits.ICANON);

    /// <summary>Types all of it, as far as it is taken; signals are noted.</summary>
    /// <returns>How many bytes were taken.</returns>
    internal int Type(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        int taken = 0;
        while (taken < bytes.Length)
        {
            int count = _discipline.Accept(bytes.AsSpan(taken), out int signal);
            taken += count;
            if (signal != 0) SignalsSent.Add(signal);
            else if (count == 0) break;
        }

        _discipline.EndBatch();
        return taken;
    }

    /// <summary>The port has room again.</summary>
    internal void SendEcho() => _output.SendEcho(_discipline.Settings);

    internal void Break()
    {
        int signal = _discipline.AcceptBreak();
        _discipline.EndBatch();
        if (signal != 0) SignalsSent.Add(signal);
    }

    /// <summary>A program writes.</summary>
    internal void Write(string text) => _output.Write(_discipline.Settings, Encoding.Latin1.GetBytes(text));

    /// <summary>Everything that can be read in canonical mode, one string a read(2).</summary>
    internal List<string> ReadLines(int roomBytes = 8192)
    {
        List<string> lines = [];
        byte[] room = new byte[roomBytes];
        while (Input.HasLine)
        {
            int count = Input.ReadLine(room, out _);
            lines.Add(Encoding.Latin1.GetString(room, 0, count));
        }

        return lines;
    }

    /// <summary>Everything that can be read otherwise.</summary>
    internal string ReadBytes(int roomBytes = 8192)
    {
        byte[] room = new byte[roomBytes];
        int count = Input.ReadBytes(room);
        _discipline.ResumeSenderIfDrained();
        return Encoding.Latin1.GetString(room, 0, count);
    }
}
