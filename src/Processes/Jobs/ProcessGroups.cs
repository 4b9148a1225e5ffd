using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The rules for groups and sessions.</summary>
public static class ProcessGroups
{
    /// <summary>Moves a process into a group, an existing one or its own.</summary>
    /// <errors>
    /// EINVAL: <paramref name="groupId"/> is negative, or <paramref name="processId"/> names a mere thread.
    /// ESRCH: neither the caller nor a child of it.
    /// EACCES: a child that has executed a program since.
    /// EPERM: a session leader; a child in another session; a group that is not in the session.
    /// </errors>
    /// <source>setpgid(2).</source>
    public static Errno SetGroup(Process caller, int processId, int groupId)
    {
        if (processId == 0) processId = caller.Id;
        if (groupId == 0) groupId = processId;
        if (groupId < 0) return Errno.EINVAL;

        Pid? pid = PidTable.Find(processId);
        ProcessGroup? candidate = null;
        if (pid is not null && groupId == processId) candidate = new ProcessGroup(pid, caller.Session);
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
            return SetGroupLocked(caller, pid, groupId, candidate);
    }

    private static Errno SetGroupLocked(Process caller, Pid? pid, int groupId, ProcessGroup? candidate)
    {
        Process? target = pid?.Process;
        if (target is null) return pid?.Thread is null ? Errno.ESRCH : Errno.EINVAL;

        if (ReferenceEquals(target.Parent, caller))
        {
            if (!ReferenceEquals(target.Session, caller.Session)) return Errno.EPERM;
            if (target.HasExecuted) return Errno.EACCES;
        }
        else if (!ReferenceEquals(target, caller))
        {
            return Errno.ESRCH;
        }

        if (target.IsSessionLeader) return Errno.EPERM;
        ProcessGroup? group = PidTable.Find(groupId)?.Group;
        if (group is null && groupId == target.Id) group = candidate;
        if (group is null || !ReferenceEquals(group.Session, caller.Session)) return Errno.EPERM;
        if (!ReferenceEquals(group, target.Group)) ProcessGroup.MoveLocked(target, group);
        return Errno.None;
    }

    /// <summary>Makes the caller the leader of a new session and group, without a terminal.</summary>
    /// <errors>EPERM: a group has the caller's pid as its id already.</errors>
    /// <source>setsid(2).</source>
    public static Errno StartSession(Process caller)
    {
        Session session = new(caller.Pid);
        ProcessGroup group = new(caller.Pid, session);
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            if (caller.Pid.Group is not null) return Errno.EPERM;
            if (caller.Pid.Session is not null) return Errno.EPERM;
            ProcessGroup.MoveLocked(caller, group);
            caller.HasNoTerminal = false;
            return Errno.None;
        }
    }

    /// <summary>Whether nobody is left who could continue the group's members: no member has its parent in
    /// another group of the session.</summary>
    /// <source>setpgid(2), "orphaned process group"; credentials(7).</source>
    public static bool IsOrphaned(Process member)
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire()) return IsOrphanedLocked(member.Group, null);
    }

    /// <param name="except">A process that is about to end: it counts neither as a member nor as a
    /// parent.</param>
    internal static bool IsOrphanedLocked(ProcessGroup group, Process? except)
    {
        for (Process? member = group.FirstMember; member is not null; member = member.NextInGroup)
        {
            if (ReferenceEquals(member, except) || member.State != ProcessState.Live) continue;
            Process? parent = member.Parent;
            if (parent is null || parent.IsInit || ReferenceEquals(parent, except)) continue;
            if (!ReferenceEquals(parent.Group, group) && ReferenceEquals(parent.Session, group.Session)) return false;
        }

        return true;
    }

    /// <summary>
    /// When a group becomes orphaned with a member stopped: hangs up and continues all of it. Called before
    /// <paramref name="process"/> loses <paramref name="parent"/>.
    /// </summary>
    /// <param name="ending">The one that goes: <paramref name="process"/> or
    /// <paramref name="parent"/>.</param>
    internal static void ReleaseIfOrphanedLocked(Process process, Process? parent, Process ending)
    {
        if (parent is null) return;
        ProcessGroup group = process.Group;
        if (ReferenceEquals(parent.Group, group) || !ReferenceEquals(parent.Session, group.Session)) return;
        if (!IsOrphanedLocked(group, ending) || !HasStoppedMemberLocked(group)) return;
        RaiseLocked(group, Signals.SIGHUP);
        RaiseLocked(group, Signals.SIGCONT);
    }

    /// <summary>Raises a signal of the kernel's own for all members.</summary>
    internal static void RaiseLocked(ProcessGroup group, int signal)
    {
        for (Process? member = group.FirstMember; member is not null; member = member.NextInGroup)
            SignalSender.Raise(member, signal);
    }

    private static bool HasStoppedMemberLocked(ProcessGroup group)
    {
        for (Process? member = group.FirstMember; member is not null; member = member.NextInGroup)
        {
            if (member.SignalState.IsStopped) return true;
        }

        return false;
    }
}
