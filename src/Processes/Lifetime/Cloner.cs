using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Makes a process or a thread out of the current one.</summary>
/// <source>clone(2), fork(2), vfork(2).</source>
public static class Cloner
{
    /// <summary>The child's id, in the caller. The child begins in user mode with a result of 0.</summary>
    /// <errors>
    /// EINVAL: flags that do not go together. EAGAIN: RLIMIT_NPROC, threads-max, or no pid is left. ENOMEM.
    /// EACCES, EBUSY, ENODEV, EOPNOTSUPP: CLONE_INTO_CGROUP, see
    /// <see cref="CgroupMembers.CheckBirthLocked"/>.
    /// EINVAL, EPERM, EEXIST: the wanted id is none, needs CAP_CHECKPOINT_RESTORE, or is taken. EMFILE,
    /// ENFILE, EFAULT: CLONE_PIDFD.
    /// ERESTARTNOINTR: a signal is pending; it comes first, or a group could never be killed as a whole.
    /// </errors>
    public static SyscallResult Clone(UserThread caller, in UserRegisters user, in CloneRequest request)
    {
        Errno error = CloneRules.Check(caller.Process, request);
        if (error != Errno.None) return error;
        if (caller.IsInterruptRequested) return Errno.ERESTARTNOINTR;
        if (!MayAddThread(caller) || ThreadLimit.IsReached) return Errno.EAGAIN;
        if (!TryMake(caller, request, out UserThread? child, out error))
        {
            // Once more, when the kernel had garbage; but what the attempt itself has left is garbage, too.
            if (error != Errno.ENOMEM || !MemoryPressure.TryCollect()) return error;
            if (!TryMake(caller, request, out child, out error)) return error;
        }

        SetRegisters(caller, child, in user, request);
        int id = child.Id;
        int fd = -1;
        if (request.Has(CloneBits.CLONE_PIDFD) && !CloneDescriptor.TryReserve(caller, request, out fd, out error))
        {
            CloneParts.Abandon(child);
            return error;
        }

        int traceEvent = TraceEvents.OfClone(caller, request);
        Tracee? tracee = TraceEvents.ForChild(caller, child, request, traceEvent);
        VforkRelease? vfork = null;
        if (request.Has(CloneBits.CLONE_VFORK)) child.Vfork = vfork = new VforkRelease();
        error = Link(caller, child, request, tracee);
        if (error != Errno.None)
        {
            if (fd >= 0) caller.Descriptors.CancelReservation(fd);
            CloneParts.Abandon(child);
            return error;
        }

        if (fd >= 0) caller.Descriptors.Install(fd, new ProcessFile(child.Process, 0));
        if (!ReferenceEquals(child.Process, caller.Process)) child.Process.Timers.Start();

        // As on Linux a bad address is the caller's loss, not an error: the child exists.
        if (request.Has(CloneBits.CLONE_PARENT_SETTID)) _ = UserMemory.TryWrite(request.ParentTid, id);
        child.Start();
        TraceEvents.Cloned(caller, traceEvent, id);
        if (vfork is not null)
        {
            vfork.Wait();
            TraceEvents.VforkDone(caller, id);
        }

        return id;
    }

    /// <source>getrlimit(2), RLIMIT_NPROC: not for root, nor with CAP_SYS_ADMIN or CAP_SYS_RESOURCE.</source>
    private static bool MayAddThread(UserThread caller)
    {
        Credentials credentials = caller.Credentials;
        if (credentials.Uid == 0 || credentials.Has(Capability.CAP_SYS_RESOURCE)
            || credentials.Has(Capability.CAP_SYS_ADMIN)) return true;
        return (ulong)caller.Account.ThreadCount < caller.Process.Limits.Soft(RlimitResource.RLIMIT_NPROC);
    }

    private static bool TryMake(
        UserThread caller, in CloneRequest request, [NotNullWhen(true)] out UserThread? child, out Errno error)
    {
        child = null;
        error = Errno.ENOMEM;
        if (!KernelObjects.MayCreate()) return false;
        if (!TryAllocatePid(caller, request.WantedId, out Pid? pid, out error)) return false;
        if (!CloneParts.TryMakeProcess(caller, pid, request, out Process? process, out error))
        {
            CloneParts.ReleasePid(pid);
            return false;
        }

        if (!CloneParts.TryMakeThread(caller, process, pid, request, out child, out error))
        {
            CloneParts.AbandonProcess(caller, process);
            CloneParts.ReleasePid(pid);
            return false;
        }

        return true;
    }

    /// <source>clone(2), "The set_tid array".</source>
    private static bool TryAllocatePid(
        UserThread caller, int wanted, [NotNullWhen(true)] out Pid? pid, out Errno error)
    {
        if (wanted == 0) return PidTable.TryAllocate(out pid, out error);
        pid = null;
        error = Errno.EINVAL;
        if (wanted is < 0 or >= PidTable.MaxCount) return false;
        error = Errno.EPERM;
        Credentials credentials = caller.Credentials;
        bool may = credentials.Has(Capability.CAP_CHECKPOINT_RESTORE) || credentials.Has(Capability.CAP_SYS_ADMIN);
        return may && PidTable.TryTake(wanted, out pid, out error);
    }

    private static void SetRegisters(
        UserThread caller, UserThread child, in UserRegisters user, in CloneRequest request)
    {
        ref UserRegisters registers = ref child.Context.User;
        registers = user;
        registers.Rax = 0;
        if (!request.StackPointer.IsNull) registers.Rsp = request.StackPointer.Value;

        child.Context.Fpu.CopyFrom(caller.Context.Fpu);
        child.Context.FsBase = request.Has(CloneBits.CLONE_SETTLS) ? request.ThreadPointer : caller.Context.FsBase;
        child.Context.GsBase = caller.Context.GsBase;
        if (request.Has(CloneBits.CLONE_CHILD_SETTID)) child.SetTidAddress = request.ChildTid;
        if (request.Has(CloneBits.CLONE_CHILD_CLEARTID)) child.ClearTidAddress = request.ChildTid;
    }

    /// <summary>Makes the child known.</summary>
    /// <errors>ERESTARTNOINTR: a signal arrived for the caller meanwhile. EAGAIN: its control group has as
    /// many threads as may be. EACCES, EBUSY, ENODEV, EOPNOTSUPP: it may not begin in the group that is
    /// wanted.</errors>
    private static Errno Link(UserThread caller, UserThread child, in CloneRequest request, Tracee? tracee)
    {
        Process process = child.Process;
        bool isThread = ReferenceEquals(process, caller.Process);
        using (SpinLock.Guard treeGuard = ProcessTree.Lock.Acquire())
        using (SpinLock.Guard guard = process.SignalState.Lock.Acquire())
        {
            // Between the check and here a signal may have come for the whole group: the child must not
            // escape it.
            if (caller.IsInterruptRequested || caller.IsKillRequested) return Errno.ERESTARTNOINTR;
            Cgroup group = caller.Process.Cgroup;
            if (request.Group is not null)
            {
                Errno error = CgroupMembers.CheckBirthLocked(group, request.Group, caller.Credentials, isThread);
                if (error != Errno.None) return error;
                group = request.Group;
            }

            if (!Cgroups.MayAddThreadLocked(group)) return Errno.EAGAIN;
            if (!isThread) LinkProcessLocked(caller, process, request);
            SeccompState.Inherit(caller, child);
            ProcessTree.AddThreadLocked(process, child);
            if (tracee is not null) TraceLink.LinkChildLocked(caller, child, tracee);
            return Errno.None;
        }
    }

    private static void LinkProcessLocked(UserThread caller, Process process, in CloneRequest request)
    {
        bool hasCallersParent = request.Has(CloneBits.CLONE_PARENT);
        Process parent = hasCallersParent ? caller.Process.Parent! : caller.Process;
        process.Creator = hasCallersParent ? caller.Process.Creator : caller;
        process.ExitSignal = hasCallersParent ? caller.Process.ExitSignal : request.ExitSignal;
        process.Pid.Process = process;
        process.Cgroup = request.Group ?? caller.Process.Cgroup;
        Cgroups.EnterLocked(process);
        ProcessTree.AddChildLocked(parent, process);
        caller.Process.Group.AddLocked(process);
    }
}
