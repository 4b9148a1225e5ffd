using System.Threading;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Turns the restriction of system calls on. Nothing turns it off.</summary>
/// <source>seccomp(2)</source>
/// <locking>A thread's filter changes under the signal lock of its process, which also guards the list of
/// threads: another thread may set it (SECCOMP_FILTER_FLAG_TSYNC), and a new one takes it over.</locking>
public static class SeccompState
{
    /// <errors>EINVAL: the thread has filters.</errors>
    public static Errno SetStrict(UserThread caller)
    {
        using (SpinLock.Guard guard = caller.Process.SignalState.Lock.Acquire())
        {
            if (caller.SeccompFilter is not null) return Errno.EINVAL;
            caller.IsSeccompStrict = true;
            caller.WatchesCalls = true;
            return Errno.None;
        }
    }

    /// <summary>Puts a filter in front of those the caller has.</summary>
    /// <param name="caller">The current thread.</param>
    /// <param name="filter">Made with <paramref name="older"/> below it.</param>
    /// <param name="older">The filter that the caller had.</param>
    /// <param name="isForAll">All threads of the process get it, or none does.</param>
    /// <param name="isOvertaken">Another thread has given the caller a filter meanwhile: once more.</param>
    /// <returns>0, or the id of a thread that has other filters than the caller's.</returns>
    public static SyscallResult Install(
        UserThread caller, SeccompFilter filter, SeccompFilter? older, bool isForAll, out bool isOvertaken)
    {
        Process process = caller.Process;
        using (SpinLock.Guard guard = process.SignalState.Lock.Acquire())
        {
            isOvertaken = !ReferenceEquals(caller.SeccompFilter, older);
            if (isOvertaken) return 0;
            if (caller.IsSeccompStrict) return Errno.EINVAL;
            if (isForAll && FindOutsiderLocked(process, caller) is { } outsider) return outsider.Id;

            Set(caller, filter);
            if (!isForAll) return 0;
            for (UserThread? thread = process.FirstThread; thread is not null; thread = thread.NextThread)
            {
                if (thread.SignalState.IsExiting) continue;
                // Before the filter: a thread must not have it with the way to more rights open.
                if (caller.HasNoNewPrivileges) thread.HasNoNewPrivileges = true;
                Set(thread, filter);
            }

            return 0;
        }
    }

    /// <summary>A new thread or process is restricted as its maker is.</summary>
    /// <locking>The signal lock of the caller's process is held, if the child is one of its
    /// threads.</locking>
    internal static void Inherit(UserThread caller, UserThread child)
    {
        child.IsSeccompStrict = caller.IsSeccompStrict;
        // A fork does not hold the lock of the caller's process, and another of its threads sets these in the
        // opposite order: no child has the filter without the other.
        child.SeccompFilter = caller.SeccompFilter;
        child.HasNoNewPrivileges = caller.HasNoNewPrivileges;
        if (child.IsRestricted) child.WatchesCalls = true;
    }

    private static void Set(UserThread thread, SeccompFilter filter)
    {
        thread.SeccompFilter = filter;
        thread.WatchesCalls = true;
    }

    /// <summary>A thread whose filters are not among the caller's.</summary>
    private static UserThread? FindOutsiderLocked(Process process, UserThread caller)
    {
        for (UserThread? thread = process.FirstThread; thread is not null; thread = thread.NextThread)
        {
            if (thread.SignalState.IsExiting || ReferenceEquals(thread, caller)) continue;
            bool follows = thread.SeccompFilter is null
                || (caller.SeccompFilter is { } filter && filter.Includes(thread.SeccompFilter));
            if (thread.IsSeccompStrict || !follows) return thread;
        }

        return null;
    }
}
