using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>The input and output priorities of a thread, a process group or a user.</summary>
/// <source>ioprio_set(2), whose numbers Linux 6.1 checks less strictly than the page says: the level only
/// where no class is given. The bits above the class are ignored.</source>
/// <deviation>CLONE_IO has no effect: threads that it makes have a priority of their own.</deviation>
public static class IoPriorities
{
    // A level of eight for a nice value of forty.
    private const int NiceValuesPerLevel = 5;

    /// <summary>The highest priority of all that are meant. Of a single thread, as it was set.</summary>
    /// <errors>EINVAL: <paramref name="which"/>. ESRCH: there is none.</errors>
    public static SyscallResult Get(UserThread caller, int which, int who)
    {
        if (!TryGetScope(which, out int scope)) return Errno.EINVAL;

        who = Priorities.Resolve(caller, scope, who);
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        UserThread? thread = Priorities.Next(scope, who, 0);
        if (thread is null) return Errno.ESRCH;
        if (which == IoprioBits.IOPRIO_WHO_PROCESS) return thread.IoPriority;

        // Lower numbers are higher priorities.
        int best = int.MaxValue;
        for (; thread is not null; thread = Priorities.Next(scope, who, thread.Id + 1))
        {
            best = Math.Min(best, Effective(thread));
        }

        return best;
    }

    /// <summary>Sets the priority of all that are meant, up to one that is somebody else's.</summary>
    /// <errors>
    /// EINVAL: <paramref name="which"/>, a class that there is not, or a level without a class. EPERM: the
    /// real-time class without CAP_SYS_ADMIN or CAP_SYS_NICE, even if there is no such thread; somebody
    /// else's.
    /// ESRCH: there is none.
    /// </errors>
    public static Errno Set(UserThread caller, int which, int who, int priority)
    {
        Errno error = CheckPriority(caller, priority);
        if (error != Errno.None) return error;
        if (!TryGetScope(which, out int scope)) return Errno.EINVAL;

        // User 0 is root here, and whoever calls above: a difference that Linux makes.
        if (which != IoprioBits.IOPRIO_WHO_USER) who = Priorities.Resolve(caller, scope, who);
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        UserThread? thread = Priorities.Next(scope, who, 0);
        if (thread is null) return Errno.ESRCH;
        for (; thread is not null; thread = Priorities.Next(scope, who, thread.Id + 1))
        {
            if (!MayChange(caller.Credentials, thread.Credentials)) return Errno.EPERM;
            thread.IoPriority = (ushort)priority;
        }

        return Errno.None;
    }

    private static Errno CheckPriority(UserThread caller, int priority)
    {
        switch (ClassOf(priority))
        {
            case IoprioBits.IOPRIO_CLASS_NONE:
                return priority % IoprioBits.IOPRIO_NR_LEVELS == 0 ? Errno.None : Errno.EINVAL;
            case IoprioBits.IOPRIO_CLASS_RT:
                Credentials own = caller.Credentials;
                bool mayBeFirst = own.Has(Capability.CAP_SYS_ADMIN) || own.Has(Capability.CAP_SYS_NICE);
                return mayBeFirst ? Errno.None : Errno.EPERM;
            case IoprioBits.IOPRIO_CLASS_BE or IoprioBits.IOPRIO_CLASS_IDLE:
                return Errno.None;
            default:
                return Errno.EINVAL;
        }
    }

    /// <source>ioprio_set(2), "Required permissions to set I/O priorities".</source>
    private static bool MayChange(Credentials own, Credentials other)
        => other.Uid == own.Euid || other.Uid == own.Uid || own.Has(Capability.CAP_SYS_NICE);

    /// <summary>What was set, or what follows from policy and nice value.</summary>
    private static int Effective(UserThread thread)
    {
        if (ClassOf(thread.IoPriority) != IoprioBits.IOPRIO_CLASS_NONE) return thread.IoPriority;

        int kind = Scheduler.PolicyOf(thread) switch
        {
            SchedulingPolicy.Fifo or SchedulingPolicy.RoundRobin => IoprioBits.IOPRIO_CLASS_RT,
            SchedulingPolicy.Idle => IoprioBits.IOPRIO_CLASS_IDLE,
            _ => IoprioBits.IOPRIO_CLASS_BE,
        };
        int level = (thread.Nice - SchedulingRules.MinNice) / NiceValuesPerLevel;
        return (kind << IoprioBits.IOPRIO_CLASS_SHIFT) | level;
    }

    private static int ClassOf(int priority)
        => (priority >> IoprioBits.IOPRIO_CLASS_SHIFT) & IoprioBits.IOPRIO_CLASS_MASK;

    private static bool TryGetScope(int which, out int scope)
    {
        scope = which switch
        {
            IoprioBits.IOPRIO_WHO_PROCESS => PriorityWhich.PRIO_PROCESS,
            IoprioBits.IOPRIO_WHO_PGRP => PriorityWhich.PRIO_PGRP,
            IoprioBits.IOPRIO_WHO_USER => PriorityWhich.PRIO_USER,
            _ => -1,
        };
        return scope >= 0;
    }
}
