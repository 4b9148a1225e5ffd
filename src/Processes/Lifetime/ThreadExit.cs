using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The end of a thread, and of its process when it is the last.</summary>
/// <source>_exit(2), exit_group(2), set_tid_address(2).</source>
public static class ThreadExit
{
    /// <summary>exit(2) as the kernel sees it: this thread ends, the others go on.</summary>
    [DoesNotReturn]
    public static void Exit(UserThread thread, int code)
    {
        Leave(thread, WaitStatus.Exited(code));
        UserThread.EndCurrent();
    }

    /// <summary>Ends this thread as a signal would; the others go on.</summary>
    [DoesNotReturn]
    internal static void Kill(UserThread thread, int signal)
    {
        Leave(thread, WaitStatus.Signaled(signal, CoreDump.None));
        UserThread.EndCurrent();
    }

    /// <summary>Ends all threads, this one first.</summary>
    [DoesNotReturn]
    public static void ExitGroup(UserThread thread, int code)
    {
        GroupExit.Begin(thread.Process, WaitStatus.Exited(code));
        ExitWithGroup(thread);
    }

    /// <summary>Ends the thread because its process does, or because another one's exec wants it
    /// gone.</summary>
    [DoesNotReturn]
    internal static void ExitWithGroup(UserThread thread)
    {
        thread.Process.SignalState.Rendezvous?.Attend(thread);
        Leave(thread, thread.Process.SignalState.GroupExitStatus);
        UserThread.EndCurrent();
    }

    /// <summary>Gives up everything the thread holds but its kernel stack, on which this runs.</summary>
    internal static void Leave(UserThread thread, WaitStatus status)
    {
        TraceEvents.Exiting(thread, status);
        Process process = thread.Process;
        // Made now: there is no good answer to running out of memory further down.
        SignalEntry notice = new(default);

        if (BeginLocked(thread, status, out bool isStopComplete)) BeginProcessEnd(process);
        if (isStopComplete) ParentNotice.TellStopped(process);
        process.SignalState.Rendezvous?.NoteExit();

        LeaveMemory(thread);
        thread.LeaveSemaphoreUndo();
        thread.ReleaseFiles();
        TraceLink.ReleaseAll(thread);
        if (Unlink(thread, notice, status)) ProcessEnd.Finish(process);
    }

    /// <summary>Marks the thread as leaving. True when no other thread is left that is not.</summary>
    private static bool BeginLocked(UserThread thread, WaitStatus status, out bool isStopComplete)
    {
        Process process = thread.Process;
        ProcessSignals state = process.SignalState;
        using (SpinLock.Guard guard = state.Lock.Acquire())
        {
            thread.SignalState.IsExiting = true;
            isStopComplete = GroupStop.LeaveLocked(thread);
            PendingSignals.PassOnLocked(thread, ~thread.SignalState.Blocked);
            if (--process.LiveThreadCount > 0) return false;

            // The last one's status is the process's, if nothing ended the process as a whole.
            if (!state.IsEnding) state.GroupExitStatus = status;
            state.IsGroupExiting = true;
            state.Survivor = null;
            return true;
        }
    }

    private static void BeginProcessEnd(Process process)
    {
        if (process.IsInit) InitialProcess.Lost(process.SignalState.GroupExitStatus);
        process.Timers.Cancel();
        if (process.IsSessionLeader) process.Session.EndOfLeader();
    }

    /// <summary>
    /// Says goodbye in the program's memory, then lets go of it. The process's last thread takes the memory
    /// along.
    /// </summary>
    internal static void LeaveMemory(UserThread thread)
    {
        RobustFutexes.Release(thread);
        PriorityFutexes.ThreadEnds(thread);
        ClearTid(thread);
        thread.Vfork?.Release();
        thread.Vfork = null;

        Process process = thread.Process;
        bool isLast;
        using (SpinLock.Guard guard = process.SignalState.Lock.Acquire())
            isLast = --process.MemoryUserCount == 0;

        thread.PageTable = null;
        if (!isLast) return;
        Memory.AddressSpace? memory = process.Memory;
        process.Memory = null;
        process.Accounting.NotePeak(memory);
        ProgramImage image = process.Image;
        process.Image = ProgramImage.None;
        memory?.Release();
        image.Release();
    }

    internal static void ClearTid(UserThread thread)
    {
        UserAddress address = thread.ClearTidAddress;
        if (address.IsNull) return;
        thread.ClearTidAddress = default;
        // A program that unmapped the word has nobody waiting on it.
        if (!UserMemory.TryWrite(address, 0)) return;
        _ = FutexTable.Wake(FutexScope.Shared, address, 1, FutexBits.FUTEX_BITSET_MATCH_ANY);
    }

    /// <summary>Takes the thread out of its process. True when it was the last one in the list.</summary>
    private static bool Unlink(UserThread thread, SignalEntry notice, WaitStatus status)
    {
        Process process = thread.Process;
        UserAccount? account = null;
        bool isLast;
        using (SpinLock.Guard treeGuard = ProcessTree.Lock.Acquire())
        {
            RaiseDeathSignalsLocked(thread);
            TraceEnd.ThreadLeftLocked(thread, status);
            using (SpinLock.Guard guard = process.SignalState.Lock.Acquire())
            {
                process.Accounting.EndedThreads.Add(ResourceUsage.Of(thread));
                process.Accounting.EndedThreadsIo.Add(thread.Io);
                thread.SignalState.Queue.Remove(SignalSet.All);
                isLast = process.ThreadCount == 1;
                if (isLast)
                {
                    process.SignalState.Queue.Remove(SignalSet.All);
                    process.ExitStatus = process.SignalState.GroupExitStatus;
                    process.ExitNotice = notice;
                    process.LastCredentials = thread.Credentials;
                    process.LastAccount = thread.Account;
                    process.LastName = thread.Name;
                }
                else if (thread.Tracee is { HasEnded: true } tracee)
                {
                    // What waits for its tracer counts like a zombie.
                    tracee.Account = thread.Account;
                }
                else
                {
                    account = thread.Account;
                }

                ProcessTree.RemoveThreadLocked(process, thread);
            }
        }

        if (account is not null) UserAccounts.Release(account);
        process.SignalState.ThreadEnds.WakeAll();
        return isLast;
    }

    private static void RaiseDeathSignal(Process child, UserThread parent)
    {
        int signal = child.ParentDeathSignal;
        if (signal == 0 || child.TakeParentDeathEntry() is not { } entry) return;
        entry.Info = SignalInfo.FromSender(
            signal, SigInfoCode.SI_USER, parent.Process.Id, parent.Credentials.Uid);
        SignalSender.Send(child, entry);
    }

    /// <summary>The children this thread made lose their parent in the sense of PR_SET_PDEATHSIG, though the
    /// process lives on.</summary>
    private static void RaiseDeathSignalsLocked(UserThread thread)
    {
        for (Process? child = thread.Process.FirstChild; child is not null; child = child.NextSibling)
        {
            if (!ReferenceEquals(child.Creator, thread)) continue;
            child.Creator = null;
            if (child.State == ProcessState.Live) RaiseDeathSignal(child, thread);
        }
    }
}
