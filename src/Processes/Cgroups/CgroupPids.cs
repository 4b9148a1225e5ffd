using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>The files of the controller that limits the number of threads.</summary>
/// <source>Linux's description of control group v2, "PID".</source>
internal static class CgroupPids
{
    internal static Errno AppendCurrent(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append(group.PidCount).Append((byte)'\n');
        return Errno.None;
    }

    internal static Errno AppendPeak(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append(group.PidPeak).Append((byte)'\n');
        return Errno.None;
    }

    internal static Errno AppendEvents(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLine(text, "max"u8, group.PidRefusals);
        return Errno.None;
    }

    internal static Errno AppendMax(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLimit(text, group.PidLimit);
        return Errno.None;
    }

    /// <errors>EINVAL: neither "max" nor a number that there can be of threads.</errors>
    internal static Errno StoreMax(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        const long mostPids = 4 * 1024 * 1024;
        Errno error = CgroupNumbers.ParseLimit(text, out long limit);
        if (error != Errno.None || (limit > mostPids && limit != Cgroup.NoLimit)) return Errno.EINVAL;
        group.PidLimit = limit;
        return Errno.None;
    }
}
