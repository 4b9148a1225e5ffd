using System.Collections.Generic;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>The control group of a process; nothing before the hierarchy has been mounted for the first
/// time.</summary>
/// <source>proc_pid_cgroup(5), cgroups(7).</source>
internal static class CgroupPath
{
    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        if (!Cgroups.HasBeenMounted) return Errno.None;
        Cgroup group = subject.Process.Cgroup;
        text.Append("0::"u8);
        List<byte[]> names = [];
        for (Cgroup at = group; !at.IsRoot; at = at.Parent!) names.Add(at.Name);
        if (names.Count == 0) text.Append((byte)'/');
        for (int i = names.Count - 1; i >= 0; i--) text.Append((byte)'/').Append(names[i]);
        if (group.IsRemoved) text.Append(" (deleted)"u8);
        text.Append((byte)'\n');
        return Errno.None;
    }
}
