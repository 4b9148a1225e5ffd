using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/PID/limits: a table.</summary>
/// <source>proc_pid_limits(5); the names and widths are those of its example.</source>
internal static class LimitsText
{
    private const int NameColumns = 26;
    private const int ValueColumns = 21;
    private const int UnitColumns = 10;

    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        Padded(text, "Limit"u8, NameColumns);
        Padded(text, "Soft Limit"u8, ValueColumns);
        Padded(text, "Hard Limit"u8, ValueColumns);
        Padded(text, "Units"u8, UnitColumns);
        text.Append((byte)'\n');
        ResourceLimits limits = subject.Process.Limits;
        Row(text, limits, RlimitResource.RLIMIT_CPU, "Max cpu time"u8, "seconds"u8);
        Row(text, limits, RlimitResource.RLIMIT_FSIZE, "Max file size"u8, "bytes"u8);
        Row(text, limits, RlimitResource.RLIMIT_DATA, "Max data size"u8, "bytes"u8);
        Row(text, limits, RlimitResource.RLIMIT_STACK, "Max stack size"u8, "bytes"u8);
        Row(text, limits, RlimitResource.RLIMIT_CORE, "Max core file size"u8, "bytes"u8);
        Row(text, limits, RlimitResource.RLIMIT_RSS, "Max resident set"u8, "bytes"u8);
        Row(text, limits, RlimitResource.RLIMIT_NPROC, "Max processes"u8, "processes"u8);
        Row(text, limits, RlimitResource.RLIMIT_NOFILE, "Max open files"u8, "files"u8);
        Row(text, limits, RlimitResource.RLIMIT_MEMLOCK, "Max locked memory"u8, "bytes"u8);
        Row(text, limits, RlimitResource.RLIMIT_AS, "Max address space"u8, "bytes"u8);
        Row(text, limits, RlimitResource.RLIMIT_LOCKS, "Max file locks"u8, "locks"u8);
        Row(text, limits, RlimitResource.RLIMIT_SIGPENDING, "Max pending signals"u8, "signals"u8);
        Row(text, limits, RlimitResource.RLIMIT_MSGQUEUE, "Max msgqueue size"u8, "bytes"u8);
        Row(text, limits, RlimitResource.RLIMIT_NICE, "Max nice priority"u8, default);
        Row(text, limits, RlimitResource.RLIMIT_RTPRIO, "Max realtime priority"u8, default);
        Row(text, limits, RlimitResource.RLIMIT_RTTIME, "Max realtime timeout"u8, "us"u8);
        return Errno.None;
    }

    private static void Row(
        ByteBuilder text, ResourceLimits limits, int resource, ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> unit)
    {
        Rlimit limit = limits.Get(resource);
        Padded(text, name, NameColumns);
        Value(text, limit.rlim_cur);
        Value(text, limit.rlim_max);
        Padded(text, unit, UnitColumns);
        text.Append((byte)'\n');
    }

    private static void Value(ByteBuilder text, ulong value)
    {
        int start = text.LengthBytes;
        if (value == ResourceLimits.Infinity) text.Append("unlimited"u8);
        else text.Append(value);
        text.Pad(ValueColumns - (text.LengthBytes - start), (byte)' ');
    }

    private static void Padded(ByteBuilder text, ReadOnlySpan<byte> value, int columns)
        => text.Append(value).Pad(columns - value.Length, (byte)' ');
}
