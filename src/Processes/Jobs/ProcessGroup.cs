using Cashew.Files.Terminals;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>A process group: what the shell makes of one job. Exists as long as it has a member.</summary>
/// <locking><see cref="ProcessTree.Lock"/>.</locking>
/// <source>setpgid(2), credentials(7).</source>
public sealed class ProcessGroup : TerminalGroup
{
    internal ProcessGroup(Pid pid, Session session)
    {
        Pid = pid;
        Session = session;
    }

    public override int Id => Pid.Number;

    public override Session Session { get; }

    /// <summary>Nobody outside the group could continue its members.</summary>
    public override bool IsOrphaned
    {
        get
        {
            using (SpinLock.Guard guard = ProcessTree.Lock.Acquire()) return ProcessGroups.IsOrphanedLocked(this, null);
        }
    }

    internal Pid Pid { get; }

    /// <summary>The first member; the others follow by <see cref="Process.NextInGroup"/>.</summary>
    internal Process? FirstMember;

    /// <summary>Raises a signal of the kernel's own for all members; the terminal's keys do. Takes no memory.
    /// </summary>
    public override void SendSignal(int signal)
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire()) ProcessGroups.RaiseLocked(this, signal);
    }

    internal void AddLocked(Process process)
    {
        if (FirstMember is null)
        {
            Pid.Group = this;
            Session.GroupCount++;
            Session.Pid.Session = Session;
        }

        process.Group = this;
        process.PreviousInGroup = null;
        process.NextInGroup = FirstMember;
        if (FirstMember is not null) FirstMember.PreviousInGroup = process;
        FirstMember = process;
    }

    /// <summary>Removes a member; the last one takes the group, and perhaps the session, along.</summary>
    internal void RemoveLocked(Process process)
    {
        if (process.PreviousInGroup is null) FirstMember = process.NextInGroup;
        else process.PreviousInGroup.NextInGroup = process.NextInGroup;
        if (process.NextInGroup is not null) process.NextInGroup.PreviousInGroup = process.PreviousInGroup;
        process.NextInGroup = null;
        process.PreviousInGroup = null;
        if (FirstMember is not null) return;

        Pid.Group = null;
        PidTable.ReleaseIfUnusedLocked(Pid);
        if (--Session.GroupCount > 0) return;
        Session.Pid.Session = null;
        PidTable.ReleaseIfUnusedLocked(Session.Pid);
    }

    /// <summary>Puts a process that is in some group already into another one of the same session.</summary>
    internal static void MoveLocked(Process process, ProcessGroup target)
    {
        // The count is held up meanwhile, or the session would end between leaving and joining.
        target.Session.GroupCount++;
        process.Group.RemoveLocked(process);
        target.AddLocked(process);
        target.Session.GroupCount--;
    }
}
