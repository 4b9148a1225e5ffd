using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>The pieces of a clone, and what undoes each if a later one fails. Nothing here is visible to
/// others yet.</summary>
internal static class CloneParts
{
    /// <summary>The caller's own process for a thread, else a new one with memory, actions and
    /// limits.</summary>
    internal static bool TryMakeProcess(
        UserThread caller, Pid pid, in CloneRequest request, [NotNullWhen(true)] out Process? process,
        out Errno error)
    {
        Process parent = caller.Process;
        if (request.Has(CloneBits.CLONE_THREAD))
        {
            using (SpinLock.Guard guard = parent.SignalState.Lock.Acquire()) parent.MemoryUserCount++;
            process = parent;
            error = Errno.None;
            return true;
        }

        process = null;
        if (!TryGetMemory(parent.Memory!, request, out AddressSpace? memory, out error)) return false;
        process = new Process(pid, ActionsFor(parent.SignalState.Actions, request), parent.Limits.Copy())
        {
            Memory = memory,
            MemoryUserCount = 1,
            Image = parent.Image.Retain(),
            StartTime = Clock.Monotonic,
            Dumpable = parent.Dumpable,
            HasNoTerminal = parent.HasNoTerminal,
            OomScoreAdjustment = parent.OomScoreAdjustment,
            OomScoreLeast = parent.OomScoreLeast,
            MembarrierRegistrations = parent.MembarrierRegistrations,
        };
        return true;
    }

    internal static bool TryMakeThread(
        UserThread caller, Process process, Pid pid, in CloneRequest request,
        [NotNullWhen(true)] out UserThread? thread, out Errno error)
    {
        thread = null;
        error = Errno.ENOMEM;
        if (!TryGetDescriptors(caller, request, out DescriptorTable? descriptors)) return false;
        if (!TryGetFilesystem(caller, request, out FilesystemContext? filesystem, out error))
        {
            descriptors.Release();
            return false;
        }

        error = Errno.ENOMEM;
        UserThread made = new(process, pid, caller.Credentials, descriptors, filesystem)
        {
            Name = caller.Name,
            PageTable = process.Memory!.Table,
            Personality = caller.Personality,
            TimerSlackNs = caller.TimerSlackNs,
            MachineCheckPolicy = caller.MachineCheckPolicy,
            IsIoFlusher = caller.IsIoFlusher,
            IoPriority = caller.IoPriority,
            Sequence = request.Has(CloneBits.CLONE_VM) ? null : caller.Sequence?.Copy(),
        };
        if (!made.TryInitializeContext())
        {
            made.ReleaseFiles();
            UserAccounts.Release(made.Account);
            return false;
        }

        error = Errno.None;
        if (request.Has(CloneBits.CLONE_SYSVSEM)) made.ShareSemaphoreUndo(caller);
        made.InheritScheduling(caller, caller.ResetsOnFork);
        InheritSignals(caller, made, request);
        thread = made;
        return true;
    }

    /// <summary>Undoes a thread that was never linked, and its process if that is new.</summary>
    internal static void Abandon(UserThread child)
    {
        child.ReleaseFiles();
        child.LeaveSemaphoreUndo();
        child.PageTable = null;
        child.Context.Release();
        UserAccounts.Release(child.Account);
        AbandonProcess(UserThread.Current, child.Process);
        ReleasePid(child.Pid);
    }

    internal static void AbandonProcess(UserThread caller, Process process)
    {
        if (ReferenceEquals(process, caller.Process))
        {
            using (SpinLock.Guard guard = process.SignalState.Lock.Acquire()) process.MemoryUserCount--;
            return;
        }

        process.Memory?.Release();
        process.Image.Release();
        process.SignalState.Actions.Release();
    }

    internal static void ReleasePid(Pid pid)
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire()) PidTable.ReleaseIfUnusedLocked(pid);
    }

    private static bool TryGetMemory(
        AddressSpace current, in CloneRequest request, [NotNullWhen(true)] out AddressSpace? memory, out Errno error)
    {
        if (!request.Has(CloneBits.CLONE_VM)) return current.TryFork(out memory, out error);
        current.Retain();
        memory = current;
        error = Errno.None;
        return true;
    }

    private static bool TryGetDescriptors(
        UserThread caller, in CloneRequest request, [NotNullWhen(true)] out DescriptorTable? descriptors)
    {
        if (!request.Has(CloneBits.CLONE_FILES)) return caller.Descriptors.TryClone(out descriptors);
        descriptors = caller.Descriptors;
        descriptors.Retain();
        return true;
    }

    /// <errors>EAGAIN: a program with more rights is being started in what is to be shared. ENOSPC, ENOMEM:
    /// the mounts.</errors>
    private static bool TryGetFilesystem(
        UserThread caller, in CloneRequest request, [NotNullWhen(true)] out FilesystemContext? filesystem,
        out Errno error)
    {
        filesystem = caller.Filesystem;
        error = Errno.EAGAIN;
        if (request.Has(CloneBits.CLONE_FS)) return filesystem.TryRetain();
        if (request.Has(CloneBits.CLONE_NEWNS)) return filesystem.TryCloneWithMounts(out filesystem, out error);
        filesystem = filesystem.Clone();
        return true;
    }

    private static SignalActions ActionsFor(SignalActions current, in CloneRequest request)
    {
        if (request.Has(CloneBits.CLONE_SIGHAND)) return current.Share();
        return request.Has(CloneBits.CLONE_CLEAR_SIGHAND)
            ? SignalActions.CopyWithoutHandlers(current)
            : current.Copy();
    }

    private static void InheritSignals(UserThread caller, UserThread child, in CloneRequest request)
    {
        child.SignalState.Blocked = caller.SignalState.Blocked;

        // Two threads that ran handlers on one stack would tread on each other. With vfork only one runs.
        bool sharesMemory = request.Has(CloneBits.CLONE_VM) && !request.Has(CloneBits.CLONE_VFORK);
        if (!sharesMemory) child.SignalState.Stack = caller.SignalState.Stack;
    }
}
