using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>
/// Lets groups stand still: their threads sleep on the way to user mode, where signals are delivered
/// otherwise, and can be killed. What is stopped for another reason stands still, too. A group is frozen when
/// all its threads stand still, and all groups in it are frozen.
/// </summary>
/// <locking>Flags and counts: <see cref="ProcessTree.Lock"/>; those of threads the process's signal lock,
/// too, to wake them.</locking>
/// <source>Linux's description of control group v2, "cgroup.freeze".</source>
internal static class CgroupFreezer
{
    internal static Errno AppendState(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append(group.IsToFreeze ? "1\n"u8 : "0\n"u8);
        return Errno.None;
    }

    /// <errors>EINVAL: no number. ERANGE: neither 0 nor 1.</errors>
    internal static Errno StoreState(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!StoredNumber.TryParse(text, int.MinValue, int.MaxValue, out long value)) return Errno.EINVAL;
        if (value is not (0 or 1)) return Errno.ERANGE;
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        group.IsToFreeze = value != 0;
        SpreadLocked(group);
        return Errno.None;
    }

    // ---- threads
    // ----------------------------------------------------------------------------------------------

    /// <summary>Sleeps until the group of the thread goes on, or somebody wants it to stop
    /// otherwise.</summary>
    internal static void StopHere(UserThread thread)
    {
        ProcessSignals state = thread.Process.SignalState;
        Enter(thread);
        ThawedCondition condition = new(thread);
        _ = Sleep.Until(state.Stopped, ref condition, SleepMode.Killable, Nanoseconds.Max);
        Leave(thread);
        using SpinLock.Guard guard = state.Lock.Acquire();
        PendingSignals.UpdateLocked(thread);
    }

    /// <summary>The thread stands still from here on, for whatever reason.</summary>
    internal static void Enter(UserThread thread)
    {
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        if (thread.SignalState.StandsStill) return;
        thread.SignalState.StandsStill = true;
        thread.Process.Cgroup.FrozenThreadCount++;
        UpdateLocked(thread.Process.Cgroup);
    }

    /// <summary>It does not any more; unless its group is still to stand still, where it goes next.</summary>
    internal static void Leave(UserThread thread)
    {
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        if (!thread.SignalState.IsFreezeRequested) ForgetLocked(thread);
    }

    /// <summary>The same for who may do other things first.</summary>
    internal static void LeaveAtOnce(UserThread thread)
    {
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        ForgetLocked(thread);
    }

    private static void ForgetLocked(UserThread thread)
    {
        if (!thread.SignalState.StandsStill) return;
        thread.SignalState.StandsStill = false;
        thread.Process.Cgroup.FrozenThreadCount--;
        UpdateLocked(thread.Process.Cgroup);
    }

    /// <summary>A new thread, which has not run yet.</summary>
    internal static void ThreadAddedLocked(Cgroup group, UserThread thread)
    {
        group.ThreadCount++;
        if (!group.IsFreezing) return;
        thread.SignalState.IsFreezeRequested = true;
        thread.RequestInterrupt();
        UpdateLocked(group);
    }

    internal static void ThreadEndedLocked(Cgroup group, UserThread thread)
    {
        group.ThreadCount--;
        if (thread.SignalState.StandsStill)
        {
            thread.SignalState.StandsStill = false;
            group.FrozenThreadCount--;
        }

        UpdateLocked(group);
    }

    /// <summary>A process has moved.</summary>
    internal static void MovedLocked(Process process, Cgroup old, Cgroup target)
    {
        for (UserThread? thread = process.FirstThread; thread is not null; thread = thread.NextThread)
        {
            old.ThreadCount--;
            target.ThreadCount++;
            if (!thread.SignalState.StandsStill) continue;
            old.FrozenThreadCount--;
            target.FrozenThreadCount++;
        }

        RequestLocked(process, target.IsFreezing);
        UpdateLocked(old);
        UpdateLocked(target);
    }

    private static void RequestLocked(Process process, bool isFreezing)
    {
        ProcessSignals state = process.SignalState;
        using SpinLock.Guard guard = state.Lock.Acquire();
        for (UserThread? thread = process.FirstThread; thread is not null; thread = thread.NextThread)
        {
            if (thread.SignalState.IsExiting) continue;
            thread.SignalState.IsFreezeRequested = isFreezing;
            if (isFreezing) thread.RequestInterrupt();
        }

        if (!isFreezing) state.Stopped.WakeAll();
    }

    // ---- groups
    // -----------------------------------------------------------------------------------------------

    internal static void GroupAddedLocked(Cgroup group)
    {
        group.Parent!.ChildCount++;
        group.IsFreezing = group.Parent.IsFreezing;
        UpdateLocked(group);
    }

    internal static void GroupRemovedLocked(Cgroup group)
    {
        Cgroup parent = group.Parent!;
        parent.ChildCount--;
        if (group.IsFrozen) parent.FrozenChildCount--;
        UpdateLocked(parent);
    }

    /// <summary>Says to all groups and processes from a group on whether they are to stand still.</summary>
    private static void SpreadLocked(Cgroup top)
    {
        for (Cgroup? at = top; at is not null; at = NextBelow(at, top))
            at.IsFreezing = at.IsToFreeze || at.Parent is { IsFreezing: true };
        for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
        {
            if (pid.Process is not { State: ProcessState.Live } process || !process.Cgroup.IsBelow(top)) continue;
            RequestLocked(process, process.Cgroup.IsFreezing);
        }

        for (Cgroup? at = top; at is not null; at = NextBelow(at, top)) UpdateLocked(at);
    }

    private static Cgroup? NextBelow(Cgroup group, Cgroup top)
    {
        if (group.FirstChild is not null) return group.FirstChild;
        Cgroup? at = group;
        while (!ReferenceEquals(at, top) && at!.NextSibling is null) at = at.Parent;
        return ReferenceEquals(at, top) ? null : at!.NextSibling;
    }

    /// <summary>Whether a group is frozen now, and with it those that it is in.</summary>
    private static void UpdateLocked(Cgroup group)
    {
        for (Cgroup at = group; !at.IsRoot; at = at.Parent!)
        {
            bool isFrozen = at.IsFreezing && at.FrozenThreadCount == at.ThreadCount
                && at.FrozenChildCount == at.ChildCount;
            if (isFrozen == at.IsFrozen) return;
            at.IsFrozen = isFrozen;
            at.Parent!.FrozenChildCount += isFrozen ? 1 : -1;
            Cgroups.NoteEventLocked(at);
        }
    }

    private readonly struct ThawedCondition(UserThread thread) : ISleepCondition
    {
        public bool IsMet()
        {
            ThreadSignals signals = thread.SignalState;
            return !Volatile.Read(ref signals.IsFreezeRequested) || signals.IsStopRequested
                || thread.Tracee is { IsTrapWanted: true };
        }
    }
}
