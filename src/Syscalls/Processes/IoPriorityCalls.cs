using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Priorities for devices, of threads, groups and users.</summary>
internal static class IoPriorityCalls
{
    private const int LevelMask = 7;
    private const int DataMask = (1 << IoprioBits.IOPRIO_CLASS_SHIFT) - 1;
    private const int NiceBase = 20;
    private const int NicePerLevel = 5;

    /// <errors>EINVAL: no such kind, class, or data with no class. EPERM: another user's, or the class for real time,
    /// without CAP_SYS_NICE. ESRCH.</errors>
    /// <source>ioprio_set(2)</source>
    internal static SyscallResult Set(UserThread caller, int which, int who, int priority)
    {
        int kind = priority >> IoprioBits.IOPRIO_CLASS_SHIFT;
        switch (kind)
        {
            case IoprioBits.IOPRIO_CLASS_RT:
                bool may = caller.Credentials.Has(Capability.CAP_SYS_NICE)
                    || caller.Credentials.Has(Capability.CAP_SYS_ADMIN);
                if (!may) return Errno.EPERM;
                break;
            case IoprioBits.IOPRIO_CLASS_BE:
            case IoprioBits.IOPRIO_CLASS_IDLE:
                break;
            case IoprioBits.IOPRIO_CLASS_NONE when (priority & DataMask) == 0:
                break;
            default:
                return Errno.EINVAL;
        }

        return ForEach(caller, which, who, priority, out _);
    }

    /// <summary>The highest among several; of one thread, what was set, and 0 when nothing was.</summary>
    /// <errors>EINVAL: no such kind. ESRCH.</errors>
    /// <source>ioprio_get(2)</source>
    internal static SyscallResult Get(UserThread caller, int which, int who)
    {
        Errno error = ForEach(caller, which, who, null, out int best);
        return error == Errno.None ? best : error;
    }

    private static Errno ForEach(UserThread caller, int which, int who, int? wanted, out int best)
    {
        best = -1;
        if (which == IoprioBits.IOPRIO_WHO_PROCESS)
        {
            UserThread? target = who == 0 ? caller : ProcessTree.FindThread(who);
            if (target is null) return Errno.ESRCH;
            best = target.IoPriority;
            return wanted is int own ? Store(caller, target, own) : Errno.None;
        }

        if (which is not (IoprioBits.IOPRIO_WHO_PGRP or IoprioBits.IOPRIO_WHO_USER)) return Errno.EINVAL;
        bool isGroup = which == IoprioBits.IOPRIO_WHO_PGRP;
        uint user = who == 0 ? caller.Credentials.Uid : (uint)who;
        int group = who == 0 ? caller.Process.Group.Id : who;
        bool isFound = false;
        for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
        {
            if (pid.Thread is not { } thread) continue;
            if (isGroup ? thread.Process.Group.Id != group : thread.Credentials.Uid != user) continue;
            isFound = true;
            if (wanted is int priority)
            {
                Errno error = Store(caller, thread, priority);
                if (error != Errno.None) return error;
                continue;
            }

            int effective = Effective(thread);
            if (best < 0 || effective < best) best = effective;
        }

        return isFound ? Errno.None : Errno.ESRCH;
    }

    private static Errno Store(UserThread caller, UserThread target, int priority)
    {
        Credentials own = caller.Credentials;
        uint other = target.Credentials.Uid;
        if (other != own.Euid && other != own.Uid && !own.Has(Capability.CAP_SYS_NICE)) return Errno.EPERM;
        target.IoPriority = priority;
        return Errno.None;
    }

    /// <summary>Who has not said anything has what follows from its nice value.</summary>
    private static int Effective(UserThread thread)
    {
        if (thread.IoPriority != 0) return thread.IoPriority;
        int level = (thread.Nice + NiceBase) / NicePerLevel;
        return IoprioBits.IOPRIO_CLASS_BE << IoprioBits.IOPRIO_CLASS_SHIFT | level & LevelMask;
    }
}
