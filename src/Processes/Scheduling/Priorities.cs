using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The nice values of a thread, a process group or a user.</summary>
/// <source>getpriority(2).</source>
/// <deviation>As on Linux, PRIO_PROCESS names one thread rather than a process.</deviation>
public static class Priorities
{
    /// <summary>The highest priority of all that are meant, as 20 minus the nice value, so that it is no
    /// error.
    /// </summary>
    /// <errors>EINVAL: <paramref name="which"/>. ESRCH: there is none.</errors>
    public static SyscallResult Get(UserThread caller, int which, int who)
    {
        if (!IsKnown(which)) return Errno.EINVAL;
        who = Resolve(caller, which, who);
        int best = 0;
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            for (UserThread? thread = Next(which, who, 0); thread is not null;
                thread = Next(which, who, thread.Id + 1))
            {
                best = Math.Max(best, SchedulingRules.NiceBase - thread.Nice);
            }
        }

        return best == 0 ? Errno.ESRCH : best;
    }

    /// <summary>Sets the nice value of all that are meant, as far as the caller may.</summary>
    /// <errors>
    /// EINVAL, ESRCH: as above. EPERM: somebody else's. EACCES: a lower value than there is, without the
    /// right to it.
    /// </errors>
    public static Errno Set(UserThread caller, int which, int who, int nice)
    {
        if (!IsKnown(which)) return Errno.EINVAL;
        who = Resolve(caller, which, who);
        nice = Math.Clamp(nice, SchedulingRules.MinNice, SchedulingRules.MaxNice);
        Errno result = Errno.ESRCH;
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            for (UserThread? thread = Next(which, who, 0); thread is not null;
                thread = Next(which, who, thread.Id + 1))
            {
                Errno error = SetOne(caller, thread, nice);
                // One error is what the call returns, though the others have been changed.
                if (error != Errno.None || result == Errno.ESRCH) result = error;
            }
        }

        return result;
    }

    private static Errno SetOne(UserThread caller, UserThread target, int nice)
    {
        Errno error = SchedulingRules.CheckOwner(caller, target);
        if (error != Errno.None) return error;
        if (!SchedulingRules.MayBeNice(caller, target, nice)) return Errno.EACCES;
        target.Nice = nice;
        return Errno.None;
    }

    private static bool IsKnown(int which) =>
        which is PriorityWhich.PRIO_PROCESS or PriorityWhich.PRIO_PGRP or PriorityWhich.PRIO_USER;

    /// <summary>Zero stands for the caller, its group or its real user.</summary>
    internal static int Resolve(UserThread caller, int which, int who)
    {
        if (who != 0) return who;
        return which switch
        {
            PriorityWhich.PRIO_PROCESS => caller.Id,
            PriorityWhich.PRIO_PGRP => caller.Process.Group.Id,
            _ => (int)caller.Credentials.Uid,
        };
    }

    /// <summary>The next thread that is meant, by id; a loop of at most as many turns as there are
    /// threads.</summary>
    internal static UserThread? Next(int which, int who, int from)
    {
        if (which == PriorityWhich.PRIO_PROCESS) return who < from ? null : ProcessTree.FindThread(who);

        for (Pid? pid = PidTable.FindAtOrAfter(from); pid is not null;
            pid = PidTable.FindAtOrAfter(pid.Number + 1))
        {
            if (pid.Thread is not { } thread) continue;
            bool isMeant = which == PriorityWhich.PRIO_PGRP
                ? thread.Process.Group.Id == who
                : thread.Credentials.Uid == (uint)who;
            if (isMeant) return thread;
        }

        return null;
    }
}
