using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>/proc/sys/kernel/printk: which messages go to the console. Of its four numbers the first can be
/// set.</summary>
/// <source>proc_sys_kernel(5); syslog(2), SYSLOG_ACTION_CONSOLE_LEVEL.</source>
/// <deviation>The level of messages without one, the least level and the level at boot are what they are on
/// Linux at first, and stay so: writing others is refused.</deviation>
internal sealed class ConsoleLevels : FileContents
{
    private const int LeastLevel = 1;
    private const int GreatestLevel = 8;

    private static ReadOnlySpan<byte> Others => "4 1 7"u8;

    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
    {
        text.Append((long)Log.ConsoleLevel).Append("\t4\t1\t7\n"u8);
        cursor.Finish();
        return Errno.None;
    }

    public override Errno Store(in FileCaller opener, ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd((byte)'\n');
        int blank = text.IndexOfAny((byte)' ', (byte)'\t');
        ReadOnlySpan<byte> first = blank < 0 ? text : text[..blank];
        if (!StoredNumber.TryParse(first, LeastLevel, GreatestLevel, out long level)) return Errno.EINVAL;
        if (blank >= 0 && !IsOthers(text[(blank + 1)..])) return Errno.EINVAL;
        Log.ConsoleLevel = (LogLevel)level;
        return Errno.None;
    }

    private static bool IsOthers(ReadOnlySpan<byte> text)
    {
        if (text.Length != Others.Length) return false;
        for (int i = 0; i < text.Length; i++)
        {
            byte value = text[i] == (byte)'\t' ? (byte)' ' : text[i];
            if (value != Others[i]) return false;
        }

        return true;
    }
}
