using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Sending signals by number: to a process, a thread, a group, or everybody.</summary>
/// <source>kill(2), tgkill(2), rt_sigqueueinfo(2).</source>
public static class SignalTargets
{
    /// <summary>The greatest negative pid names no group: it has no positive counterpart.</summary>
    private const int NoGroup = int.MinValue;

    /// <summary>kill(2). Signal 0 checks only.</summary>
    /// <errors>EINVAL: no such signal. ESRCH: nobody there. EPERM: nobody of them may be sent to.</errors>
    public static Errno Kill(UserThread caller, int pid, int signal)
    {
        if (signal != 0 && !SignalSet.IsValidSignal(signal)) return Errno.EINVAL;
        SignalInfo info = FromCaller(caller, signal, SigInfoCode.SI_USER);
        if (pid > 0) return SendToProcess(caller, pid, info);
        if (pid == -1) return SendToAll(caller, info);
        if (pid == NoGroup) return Errno.ESRCH;

        ProcessGroup? group = pid == 0 ? caller.Process.Group : PidTable.Find(-pid)?.Group;
        return group is null ? Errno.ESRCH : SendToGroup(caller, group, info);
    }

    /// <summary>The same to one process, whatever its number means by now.</summary>
    /// <source>pidfd_send_signal(2).</source>
    public static Errno Kill(UserThread caller, Process target, int signal) =>
        SendToProcess(caller, target, FromCaller(caller, signal, SigInfoCode.SI_USER));

    /// <summary>rt_sigqueueinfo(2) to one process, whatever its number means by now.</summary>
    /// <inheritdoc cref="Queue(UserThread, int, in SignalInfo)"/>
    public static Errno Queue(UserThread caller, Process target, in SignalInfo info)
    {
        bool looksForeign = info.Code >= 0 || info.Code == SigInfoCode.SI_TKILL;
        if (looksForeign && !ReferenceEquals(target, caller.Process)) return Errno.EPERM;
        return SendToProcess(caller, target, info);
    }

    /// <summary>tgkill(2), and tkill(2) with a process id of 0.</summary>
    /// <errors>EINVAL, ESRCH, EPERM; EAGAIN: RLIMIT_SIGPENDING.</errors>
    public static Errno KillThread(UserThread caller, int processId, int threadId, int signal)
    {
        if (signal != 0 && !SignalSet.IsValidSignal(signal)) return Errno.EINVAL;
        return SendToThread(caller, processId, threadId, FromCaller(caller, signal, SigInfoCode.SI_TKILL));
    }

    /// <summary>rt_sigqueueinfo(2): a signal with whatever siginfo the caller wrote.</summary>
    /// <errors>EPERM: a code that would let it pass for the kernel's, to others than the calling thread.
    /// Linux compares the thread's number, so that only the first thread may tell its process
    /// anything.</errors>
    public static Errno Queue(UserThread caller, int processId, in SignalInfo info)
    {
        bool looksForeign = info.Code >= 0 || info.Code == SigInfoCode.SI_TKILL;
        if (looksForeign && processId != caller.Id) return Errno.EPERM;
        if (info.Number != 0 && !SignalSet.IsValidSignal(info.Number)) return Errno.EINVAL;
        return SendToProcess(caller, processId, info);
    }

    /// <summary>rt_tgsigqueueinfo(2).</summary>
    public static Errno QueueThread(UserThread caller, int processId, int threadId, in SignalInfo info)
    {
        bool looksForeign = info.Code >= 0 || info.Code == SigInfoCode.SI_TKILL;
        if (looksForeign && threadId != caller.Id) return Errno.EPERM;
        if (info.Number != 0 && !SignalSet.IsValidSignal(info.Number)) return Errno.EINVAL;
        return SendToThread(caller, processId, threadId, info);
    }

    /// <summary>Raises a signal for the current thread, as if it had sent it to itself: SIGPIPE,
    /// SIGXFSZ.</summary>
    public static void RaiseHere(UserThread caller, int signal) =>
        SignalSender.Send(caller, new SignalEntry(FromCaller(caller, signal, SigInfoCode.SI_USER)));

    private static SignalInfo FromCaller(UserThread caller, int signal, int code) =>
        SignalInfo.FromSender(signal, code, caller.Process.Id, caller.Credentials.Uid);

    private static Errno SendToProcess(UserThread caller, int pid, in SignalInfo info)
    {
        Process? target = ProcessTree.Find(pid);
        return target is null ? Errno.ESRCH : SendToProcess(caller, target, info);
    }

    private static Errno SendToProcess(UserThread caller, Process target, in SignalInfo info)
    {
        if (target.State == ProcessState.Reaped) return Errno.ESRCH;
        if (info.Number != 0 && !SignalSet.IsValidSignal(info.Number)) return Errno.EINVAL;
        Errno error = SignalPermission.Check(caller, target, info.Number);
        if (error != Errno.None || info.Number == 0) return error;
        if (!SignalEntries.TryMake(target, info, out SignalEntry? entry, out error)) return error;
        using (SpinLock.Guard guard = target.SignalState.Lock.Acquire())
            SignalSender.SendLocked(target, null, info.Number, entry, SignalOrigin.User);
        return Errno.None;
    }

    private static Errno SendToThread(UserThread caller, int processId, int threadId, in SignalInfo info)
    {
        UserThread? target = ProcessTree.FindThread(threadId);
        if (target is null || (processId != 0 && target.Process.Id != processId)) return Errno.ESRCH;
        Errno error = SignalPermission.Check(caller, target.Process, info.Number);
        if (error != Errno.None || info.Number == 0) return error;
        if (!SignalEntries.TryMake(target.Process, info, out SignalEntry? entry, out error)) return error;
        using (SpinLock.Guard guard = target.Process.SignalState.Lock.Acquire())
            SignalSender.SendLocked(target.Process, target, info.Number, entry, SignalOrigin.User);
        return Errno.None;
    }

    /// <summary>All members at once: one that forks meanwhile either has its child here or is told to fork
    /// again.
    /// </summary>
    private static Errno SendToGroup(UserThread caller, ProcessGroup group, in SignalInfo info)
    {
        EntryStock stock = new(info);
        while (true)
        {
            using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
            {
                int count = 0;
                for (Process? p = group.FirstMember; p is not null; p = p.NextInGroup) count++;
                if (stock.Count >= count) return SendToMembersLocked(caller, group, info, ref stock);
                stock.Wanted = count;
            }

            stock.Fill();
        }
    }

    private static Errno SendToMembersLocked(
        UserThread caller, ProcessGroup group, in SignalInfo info, ref EntryStock stock)
    {
        bool hasSent = false;
        Errno last = Errno.ESRCH;
        for (Process? member = group.FirstMember; member is not null; member = member.NextInGroup)
        {
            last = SendLocked(caller, member, info, ref stock);
            hasSent |= last == Errno.None;
        }

        // One that could be sent to is enough.
        return hasSent ? Errno.None : last;
    }

    private static Errno SendToAll(UserThread caller, in SignalInfo info)
    {
        EntryStock stock = new(info);
        while (true)
        {
            using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
            {
                int count = 0;
                for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
                {
                    if (pid.Process is not null) count++;
                }

                if (stock.Count >= count) return SendToAllLocked(caller, info, ref stock);
                stock.Wanted = count;
            }

            stock.Fill();
        }
    }

    /// <source>kill(2): "all processes for which the calling process has permission, except process 1"; Linux
    /// leaves out the caller, too.</source>
    private static Errno SendToAllLocked(UserThread caller, in SignalInfo info, ref EntryStock stock)
    {
        bool hasTarget = false;
        Errno result = Errno.None;
        for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
        {
            Process? target = pid.Process;
            if (target is null || target.IsInit || ReferenceEquals(target, caller.Process)) continue;
            hasTarget = true;
            Errno error = SendLocked(caller, target, info, ref stock);
            if (error != Errno.EPERM) result = error;
        }

        return hasTarget ? result : Errno.ESRCH;
    }

    private static Errno SendLocked(UserThread caller, Process target, in SignalInfo info, ref EntryStock stock)
    {
        Errno error = SignalPermission.Check(caller, target, info.Number);
        if (error != Errno.None || info.Number == 0) return error;
        SignalEntry entry = stock.Take();
        using (SpinLock.Guard guard = target.SignalState.Lock.Acquire())
            SignalSender.SendLocked(target, null, info.Number, entry, SignalOrigin.User);
        return Errno.None;
    }

    /// <summary>Entries made beforehand, since none can be made under the tree lock.</summary>
    private struct EntryStock(SignalInfo info)
    {
        private readonly SignalInfo _info = info;
        private SignalEntry? _first;

        internal int Count { get; private set; }

        internal int Wanted;

        internal void Fill()
        {
            for (; Count < Wanted; Count++) _first = new SignalEntry(_info) { Next = _first };
        }

        internal SignalEntry Take()
        {
            SignalEntry entry = _first!;
            _first = entry.Next;
            entry.Next = null;
            Count--;
            return entry;
        }
    }
}
