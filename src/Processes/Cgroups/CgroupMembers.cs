using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Who is in a control group, and how somebody comes there.</summary>
/// <source>cgroups(7), "Cgroups v2 hierarchy"; Linux's description of control group v2, "Delegation
/// Containment".</source>
public static class CgroupMembers
{
    /// <summary>One process a piece.</summary>
    internal static Errno AppendProcesses(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        Pid? pid = PidTable.FindAtOrAfter((int)cursor.Position);
        while (pid is not null && !(pid.Process is { State: ProcessState.Live } process && IsIn(process, group)))
            pid = PidTable.FindAtOrAfter(pid.Number + 1);
        Append(pid, text, ref cursor);
        return Errno.None;
    }

    internal static Errno AppendThreads(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        Pid? pid = PidTable.FindAtOrAfter((int)cursor.Position);
        while (pid is not null && !(pid.Thread is { } thread && IsIn(thread.Process, group)))
            pid = PidTable.FindAtOrAfter(pid.Number + 1);
        Append(pid, text, ref cursor);
        return Errno.None;
    }

    /// <summary>Moves a process here with all its threads; 0 is the writer's own.</summary>
    /// <errors>EINVAL: no number. ESRCH: no such process. EACCES: the opener may not write the list of the
    /// nearest group that both old and new place are in. EBUSY: groups in this one have controllers, so
    /// processes cannot be in it.</errors>
    internal static Errno StoreProcess(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!TryFind(text, out Process? process, out Errno error)) return error;
        PrepareLists(group);
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        if (process!.State != ProcessState.Live) return Errno.ESRCH;
        error = CheckMoveLocked(process.Cgroup, group, opener.Credentials);
        if (error != Errno.None) return error;
        if (group.IsRemoved) return Errno.ENODEV;
        Cgroups.MoveLocked(process, group);
        return Errno.None;
    }

    /// <errors>EINVAL, ESRCH: as above. EOPNOTSUPP: it is in another group; single threads move only within
    /// threaded ones.</errors>
    internal static Errno StoreThread(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!TryFind(text, out Process? process, out Errno error)) return error;
        return ReferenceEquals(process!.Cgroup, group) ? Errno.None : Errno.EOPNOTSUPP;
    }

    /// <summary>The group that a descriptor is of: its directory, opened for reading or as a path.</summary>
    /// <errors>EBADF: it is of something else. ENOENT: the group has been removed.</errors>
    public static bool TryFindGroup(OpenFile file, [NotNullWhen(true)] out Cgroup? group, out Errno error)
    {
        group = (file.Inode as CgroupDirectory)?.Group;
        error = Errno.EBADF;
        if (group is null) return false;
        error = group.IsRemoved ? Errno.ENOENT : Errno.None;
        if (error != Errno.None) return false;
        PrepareLists(group);
        return true;
    }

    /// <summary>Whether a child of a process in one group may begin in another.</summary>
    /// <errors>ENODEV: the group has been removed since. EACCES: the caller may not write its list of
    /// processes, or not that of the nearest group that both are in. EOPNOTSUPP: a thread goes where its
    /// process is. EBUSY: groups in it have controllers.</errors>
    /// <source>clone(2), CLONE_INTO_CGROUP.</source>
    internal static Errno CheckBirthLocked(Cgroup from, Cgroup to, Credentials caller, bool isThread)
    {
        if (to.IsRemoved) return Errno.ENODEV;
        Errno error = CheckMayWriteList(to, caller);
        if (error == Errno.None) error = CheckMoveLocked(from, to, caller);
        if (error != Errno.None) return error;
        return isThread && !ReferenceEquals(from, to) ? Errno.EOPNOTSUPP : Errno.None;
    }

    private static Errno CheckMoveLocked(Cgroup from, Cgroup to, Credentials mover)
    {
        Errno error = CheckCommonAncestor(from, to, mover);
        if (error != Errno.None) return error;
        return !to.IsRoot && to.Subtree != CgroupControllers.None ? Errno.EBUSY : Errno.None;
    }

    private static bool IsIn(Process process, Cgroup group) => ReferenceEquals(process.Cgroup, group);

    private static void Append(Pid? pid, ByteBuilder text, ref TextCursor cursor)
    {
        if (pid is null)
        {
            cursor.Finish();
            return;
        }

        text.Append((long)pid.Number).Append((byte)'\n');
        cursor.Position = pid.Number + 1;
    }

    private static bool TryFind(ReadOnlySpan<byte> text, out Process? process, out Errno error)
    {
        process = null;
        error = Errno.EINVAL;
        if (!StoredNumber.TryParse(text, 0, int.MaxValue, out long number)) return false;
        error = Errno.ESRCH;
        if (number == 0) process = UserThread.Current.Process;
        else if (PidTable.Find((int)number) is { } pid) process = pid.Process ?? pid.Thread?.Process;
        if (process is null) return false;
        error = Errno.None;
        return true;
    }

    // The lists are made when somebody looks, and under a spin lock nothing can be made.
    private static void PrepareLists(Cgroup group)
    {
        for (Cgroup? at = group; at is not null; at = at.Parent)
            _ = at.Directory?.TryLookup("cgroup.procs"u8, out _, out _);
    }

    // Who may write to a part of the hierarchy may move processes about in it, but not out of it, nor in from
    // outside.
    private static Errno CheckCommonAncestor(Cgroup from, Cgroup to, Credentials opener)
    {
        Cgroup common = from;
        while (!to.IsBelow(common)) common = common.Parent!;
        return CheckMayWriteList(common, opener);
    }

    private static Errno CheckMayWriteList(Cgroup group, Credentials writer) =>
        group.Directory!.TryLookup("cgroup.procs"u8, out Inode? list, out _)
            ? Permission.Check(list, AccessModes.Write, writer)
            : Errno.None;
}
