using System;
using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>Figures in the files of control groups.</summary>
internal static class CgroupNumbers
{
    /// <summary>Linux's largest count of pages, in bytes: what reaches it is shown as "max".</summary>
    private const long MostBytes = long.MaxValue & -Machine.UserAddress.PageSizeBytes;

    /// <summary>A number, or "max" for no limit, and a newline.</summary>
    internal static void AppendLimit(ByteBuilder text, long limit)
    {
        if (limit == Cgroup.NoLimit) text.Append("max\n"u8);
        else text.Append(limit).Append((byte)'\n');
    }

    internal static void AppendLine(ByteBuilder text, ReadOnlySpan<byte> label, long value)
        => text.Append(label).Append((byte)' ').Append(value).Append((byte)'\n');

    /// <errors>EINVAL: neither "max" nor a number that is none below zero.</errors>
    internal static Errno ParseLimit(ReadOnlySpan<byte> text, out long limit)
    {
        limit = Cgroup.NoLimit;
        if (text.SequenceEqual("max"u8)) return Errno.None;
        return StoredNumber.TryParse(text, 0, long.MaxValue - 1, out limit) ? Errno.None : Errno.EINVAL;
    }

    /// <summary>The same for bytes, which may be given in units, and count by whole pages.</summary>
    /// <inheritdoc cref="ParseLimit"/>
    internal static Errno ParseBytes(ReadOnlySpan<byte> text, out long bytes)
    {
        bytes = Cgroup.NoLimit;
        if (text.SequenceEqual("max"u8)) return Errno.None;
        int shift = text.IsEmpty ? 0 : (text[^1] | 0x20) switch
        {
            'k' => 10,
            'm' => 20,
            'g' => 30,
            't' => 40,
            _ => 0,
        };
        if (shift > 0) text = text[..^1];
        if (!StoredNumber.TryParse(text, 0, long.MaxValue, out bytes)) return Errno.EINVAL;

        // More than there can be is no limit.
        bytes = bytes > long.MaxValue >> shift ? Cgroup.NoLimit : bytes << shift;
        if (bytes >= MostBytes) bytes = Cgroup.NoLimit;
        else bytes &= -Machine.UserAddress.PageSizeBytes;
        return Errno.None;
    }
}
