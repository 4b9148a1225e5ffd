using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

/// <summary>The kernel's log, as dmesg and klogd read it.</summary>
/// <source>syslog(2)</source>
internal static class SyslogCall
{
    /// <summary>How often a reader looks for news: messages are written where nobody can be woken, in
    /// interrupt handlers and under the scheduler's own locks.</summary>
    private static readonly Nanoseconds s_pause = Nanoseconds.FromMilliseconds(50);

    // A reader that waits for news gets them in pieces of at most so much.
    private const int PieceBytes = 16 * 1024;

    // Positions in the log: what READ returns next, and what READ_ALL starts at.
    private static long s_next;
    private static long s_cleared;

    private static LogLevel s_levelBeforeOff;
    private static bool s_isOff;

    /// <errors>
    /// EPERM: no CAP_SYSLOG, but for SYSLOG_ACTION_READ_ALL and SYSLOG_ACTION_SIZE_BUFFER. EINVAL: an unknown
    /// action, no buffer, a negative length or a level out of 1 to 8. EFAULT. EINTR.
    /// </errors>
    internal static SyscallResult Invoke(UserThread caller, int action, UserAddress buffer, int length)
    {
        bool isOpen = action is SyslogAction.SYSLOG_ACTION_READ_ALL or SyslogAction.SYSLOG_ACTION_SIZE_BUFFER;
        if (!isOpen && !MayControl(caller.Credentials)) return Errno.EPERM;
        switch (action)
        {
            case SyslogAction.SYSLOG_ACTION_CLOSE:
            case SyslogAction.SYSLOG_ACTION_OPEN:
                return 0; // names of old: nothing is opened, says syslog(2)
            case SyslogAction.SYSLOG_ACTION_READ:
                return IsBuffer(buffer, length) ? Read(caller, buffer, length) : Errno.EINVAL;
            case SyslogAction.SYSLOG_ACTION_READ_ALL:
                return IsBuffer(buffer, length) ? ReadAll(buffer, length) : Errno.EINVAL;
            case SyslogAction.SYSLOG_ACTION_READ_CLEAR:
                return IsBuffer(buffer, length) ? ReadClear(buffer, length) : Errno.EINVAL;
            case SyslogAction.SYSLOG_ACTION_CLEAR:
                Volatile.Write(ref s_cleared, Log.End);
                return 0;
            case SyslogAction.SYSLOG_ACTION_SIZE_UNREAD:
                return long.Min(Log.End - Volatile.Read(ref s_next), Log.CapacityBytes);
            case SyslogAction.SYSLOG_ACTION_SIZE_BUFFER:
                return Log.CapacityBytes;
            default:
                return SetConsole(action, length);
        }
    }

    private static bool IsBuffer(UserAddress buffer, int length) => !buffer.IsNull && length >= 0;

    /// <source>capabilities(7): CAP_SYS_ADMIN does, too, for programs older than CAP_SYSLOG.</source>
    private static bool MayControl(Credentials credentials) =>
        credentials.Has(Capability.CAP_SYSLOG) || credentials.Has(Capability.CAP_SYS_ADMIN);

    /// <summary>Takes what nobody has taken yet, waiting for something.</summary>
    private static SyscallResult Read(UserThread caller, UserAddress buffer, int length)
    {
        if (length == 0) return 0;
        byte[] text = new byte[int.Min(length, PieceBytes)];
        while (true)
        {
            long start = Volatile.Read(ref s_next);
            long position = start;
            int count = Log.Read(ref position, text);
            if (count > 0 && Interlocked.CompareExchange(ref s_next, position, start) == start)
                return UserMemory.CopyOut(buffer, text.AsSpan(0, count)) == count ? count : Errno.EFAULT;
            if (count > 0) continue; // another reader was faster

            if (caller.IsInterruptRequested) return Errno.ERESTARTSYS;
            _ = Sleep.For(ClockTicks.After(s_pause), SleepMode.Interruptible);
        }
    }

    private static SyscallResult ReadClear(UserAddress buffer, int length)
    {
        long end = Log.End;
        SyscallResult result = ReadAll(buffer, length);
        if (!result.IsError) Volatile.Write(ref s_cleared, end);
        return result;
    }

    /// <summary>Copies the last lines that fit, without taking them.</summary>
    private static SyscallResult ReadAll(UserAddress buffer, int length)
    {
        int capacity = int.Min(length, Log.CapacityBytes);
        if (!LargeArray.TryReserve(capacity)) return Errno.ENOMEM;
        long cleared = Volatile.Read(ref s_cleared);
        long wanted = long.Max(cleared, Log.End - capacity);
        long position = wanted;
        byte[] text = capacity == 0 ? [] : new byte[capacity];
        int count = Log.Read(ref position, text);

        // Unless it is where the log was cleared or begins, the first line is cut somewhere.
        ReadOnlySpan<byte> lines = text.AsSpan(0, count);
        bool isCut = position - count > cleared;
        if (isCut) lines = lines[(lines.IndexOf((byte)'\n') + 1)..];
        return UserMemory.CopyOut(buffer, lines) == lines.Length ? lines.Length : Errno.EFAULT;
    }

    /// <summary>Which messages appear on the console.</summary>
    private static SyscallResult SetConsole(int action, int level)
    {
        const LogLevel OnlyEmergencies = LogLevel.Alert;
        const int HighestLevel = 8;
        switch (action)
        {
            case SyslogAction.SYSLOG_ACTION_CONSOLE_OFF:
                if (!s_isOff) s_levelBeforeOff = Log.ConsoleLevel;
                s_isOff = true;
                Log.ConsoleLevel = OnlyEmergencies;
                return 0;

            case SyslogAction.SYSLOG_ACTION_CONSOLE_ON:
                if (s_isOff) Log.ConsoleLevel = s_levelBeforeOff;
                s_isOff = false;
                return 0;

            case SyslogAction.SYSLOG_ACTION_CONSOLE_LEVEL:
                if (level is < 1 or > HighestLevel) return Errno.EINVAL;
                s_isOff = false;
                Log.ConsoleLevel = (LogLevel)level;
                return 0;

            default:
                return Errno.EINVAL;
        }
    }
}
