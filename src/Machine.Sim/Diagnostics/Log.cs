using System;
using System.Collections.Generic;
using System.Text;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>The kernel's log, kept in memory for tests to look at:
/// <see cref="Simulation.LogLines"/>.</summary>
public static class Log
{
    public const int CapacityBytes = 64 * 1024;

    public static LogLevel ConsoleLevel { get; set; } = LogLevel.Info;

    public static long End => Bytes.Count;

    private static List<byte> Bytes => Simulation.Current.LogBytes;

    public static void Error(ref LogMessage message) => Write(LogLevel.Error, message.Text);

    public static void Warning(ref LogMessage message) => Write(LogLevel.Warning, message.Text);

    public static void Info(ref LogMessage message) => Write(LogLevel.Info, message.Text);

    public static void Debug(ref LogMessage message) => Write(LogLevel.Debug, message.Text);

    public static void Error(ReadOnlySpan<byte> text) => Write(LogLevel.Error, text);

    public static void Warning(ReadOnlySpan<byte> text) => Write(LogLevel.Warning, text);

    public static void Info(ReadOnlySpan<byte> text) => Write(LogLevel.Info, text);

    public static void Debug(ReadOnlySpan<byte> text) => Write(LogLevel.Debug, text);

    public static int Read(ref long position, Span<byte> destination)
    {
        long oldest = Math.Max(0, End - CapacityBytes);
        position = Math.Clamp(position, oldest, End);
        int count = (int)Math.Min(destination.Length, End - position);
        for (int i = 0; i < count; i++)
        {
            destination[i] = Bytes[(int)position++];
        }

        return count;
    }

    public static void Write(LogLevel level, ReadOnlySpan<byte> text)
    {
        long microseconds = Clock.Monotonic.Value / Nanoseconds.PerMicrosecond;
        string prefix = $"<{(int)level}>[{microseconds / 1_000_000,5}.{microseconds % 1_000_000:d6}] ";
        Bytes.AddRange(Encoding.ASCII.GetBytes(prefix));
        Bytes.AddRange(text);
        Bytes.Add((byte)'\n');
        Simulation.Current.LogLines.Add(Encoding.UTF8.GetString(text));
    }
}
