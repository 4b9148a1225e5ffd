using System;
using System.Runtime.CompilerServices;

namespace Cashew.Machine;

/// <summary>
/// The kernel's log: a ring that /dev/kmsg and dmesg read, and, above a level, the console. Writing takes no
/// memory and may happen anywhere, interrupt handlers included.
/// </summary>
public static unsafe class Log
{
    /// <summary>What the ring holds; older text is overwritten.</summary>
    public const int CapacityBytes = 64 * 1024;

    private static readonly SpinLock s_lock = new(LockRank.Log);

    private static Ring s_ring;       // protected by s_lock
    private static long s_written;    // protected by s_lock: bytes ever written
    private static LogLevel s_consoleLevel = LogLevel.Info;

    /// <summary>Messages more urgent than this reach the console.</summary>
    public static LogLevel ConsoleLevel
    {
        get => s_consoleLevel;
        set => s_consoleLevel = value;
    }

    /// <summary>Bytes ever written: where the next message will start.</summary>
    public static long End
    {
        get
        {
            using (s_lock.Acquire())
            {
                return s_written;
            }
        }
    }

    public static void Error(ref LogMessage message) => Write(LogLevel.Error, message.Text);

    public static void Warning(ref LogMessage message) => Write(LogLevel.Warning, message.Text);

    public static void Info(ref LogMessage message) => Write(LogLevel.Info, message.Text);

    public static void Debug(ref LogMessage message) => Write(LogLevel.Debug, message.Text);

    public static void Error(ReadOnlySpan<byte> text) => Write(LogLevel.Error, text);

    public static void Warning(ReadOnlySpan<byte> text) => Write(LogLevel.Warning, text);

    public static void Info(ReadOnlySpan<byte> text) => Write(LogLevel.Info, text);

    public static void Debug(ReadOnlySpan<byte> text) => Write(LogLevel.Debug, text);

    /// <summary>
    /// Copies from a position on; moves the position to what is still kept when it has been overwritten.
    /// Bytes copied.
    /// </summary>
    public static int Read(ref long position, Span<byte> destination)
    {
        using (s_lock.Acquire())
        {
            long oldest = Math.Max(0, s_written - CapacityBytes);
            position = Math.Clamp(position, oldest, s_written);
            int count = (int)Math.Min(destination.Length, s_written - position);
            for (int i = 0; i < count; i++)
            {
                destination[i] = s_ring.Bytes[(int)((position + i) % CapacityBytes)];
            }

            position += count;
            return count;
        }
    }

    /// <summary>One line: "&lt;level&gt;[seconds.microseconds] text", as dmesg expects it.</summary>
    public static void Write(LogLevel level, ReadOnlySpan<byte> text)
    {
        LogMessage prefix = new(0, 0);
        long microseconds = Clock.CyclesPerSecond != 0 ? Clock.Monotonic.Value / Nanoseconds.PerMicrosecond : 0;
        prefix.AppendPadded(microseconds / 1_000_000, 5, (byte)' ');
        prefix.AppendLiteral(".");
        prefix.AppendPadded(microseconds % 1_000_000, 6, (byte)'0');
        using (s_lock.Acquire())
        {
            AppendLocked("<"u8);
            AppendLocked("01234567"u8.Slice((int)level, 1));
            AppendLocked(">["u8);
            AppendLocked(prefix.Text);
            AppendLocked("] "u8);
            AppendLocked(text);
            AppendLocked("\n"u8);
        }

        if (level < s_consoleLevel)
        {
            EarlyConsole.Write("["u8);
            EarlyConsole.Write(prefix.Text);
            EarlyConsole.Write("] "u8);
            EarlyConsole.Write(text);
            EarlyConsole.Write("\n"u8);
        }
    }

    private static void AppendLocked(ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            s_ring.Bytes[(int)(s_written++ % CapacityBytes)] = value;
        }
    }

    private struct Ring
    {
        internal fixed byte Bytes[CapacityBytes];
    }
}
