using System.Runtime.CompilerServices;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;
using Cashew.Runtime;
using Cashew.Tasks;

namespace Cashew.Syscalls;

/// <summary>Where programs come into the kernel: the system-call table, faults, and the way back.</summary>
public sealed class LinuxEntry : KernelEntry
{
    private readonly SyscallTable _table = new();
    private readonly bool _traces;

    public LinuxEntry(SyscallOptions options)
    {
        _traces = options.Traces;
        UserThread.AllWatchCalls = options.Traces;
        Unsupported.Configure(options);
    }

    public override void SystemCall(ref UserRegisters user)
    {
        UserThread caller = UserThread.Current;
        caller.IsInSystemCall = true;
        // Only the low half counts: the rest of RAX may hold anything.
        int number = (int)user.OriginalRax;
        SyscallEntry? entry = _table[number];
        SyscallResult result = entry is null || caller.WatchesCalls
            ? InvokeSpecial(caller, ref user)
            : entry.Handler(caller, new SyscallArguments(ref user));
        user.Rax = (ulong)result.Value;
        caller.IsInSystemCall = false;

        // rt_sigreturn's result is whatever RAX the interrupted program had; it leaves no number of a call.
        if (CallRestart.IsRestart(result.Value) && CallRestart.IsInCall(in user)) PrepareRestart(caller, result.Error);
    }

    public override bool PageFault(UserAddress at, FaultAccess access, bool fromUser, ref UserRegisters user)
    {
        if (UserThread.CurrentOrNone is not { Process.Memory: { } memory } thread) return false;
        FaultResult result = memory.HandleFault(at, access);
        thread.MinorFaults++;
        if (result == FaultResult.Handled) return true;
        if (result == FaultResult.OutOfMemory && OutOfMemory.TryMakeRoom(thread)) return true;
        if (!fromUser) return false;
        UserFaults.RaisePageFault(thread, at, access, result);
        return true;
    }

    public override void UserException(ref UserRegisters user, UserException exception) =>
        UserFaults.Raise(UserThread.Current, in user, exception);

    public override void BeforeReturnToUser(ref UserRegisters user)
    {
        UserThread thread = UserThread.Current;
        thread.BeginAttention();
        Scheduler.RescheduleIfWanted();
        if (Collector.IsWanted)
        {
            Collector.Poll();
            if (Collector.IsWanted) CollectionPace.GoOnSoon();
            if (Collector.IsShort || KernelObjects.IsHeapFull) OutOfMemory.Replenish(thread);
        }

        thread.Sequence?.Resume(thread, ref user);
        SignalDelivery.Deliver(thread, ref user);
    }

    public override void TimerExpired()
    {
        if (UserThread.CurrentOrNone is { } thread) Accounting.Sample(wasInUser: !thread.IsInSystemCall);
        Scheduler.TimerExpired();
    }

    /// <summary>A call there is not, and one that somebody wants to hear of.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SyscallResult InvokeSpecial(UserThread caller, ref UserRegisters user)
    {
        bool isWanted = TraceCalls.Enter(caller, ref user);
        // After the tracer, who may have changed the call.
        if (isWanted && caller.SeccompMode != SeccompBits.SECCOMP_MODE_DISABLED)
            isWanted = SeccompGate.Admits(caller, ref user);
        SyscallResult result = isWanted ? InvokeWatched(caller, ref user) : (nint)user.Rax;
        user.Rax = (ulong)result.Value;
        TraceCalls.Leave(caller);
        return (nint)user.Rax;
    }

    private SyscallResult InvokeWatched(UserThread caller, ref UserRegisters user)
    {
        // A tracer may have changed it.
        int number = (int)user.OriginalRax;
        SyscallEntry? entry = _table[number];
        if (_traces) SyscallTrace.Entered(caller, entry, number, in user);
        SyscallResult result = Errno.ENOSYS;
        if (entry is null) Unsupported.Call(caller, number);
        else result = entry.Handler(caller, new SyscallArguments(ref user));
        if (_traces) SyscallTrace.Left(caller, result);
        return result;
    }

    /// <summary>Leaves the decision to the way out, where it is known whether a handler runs, and where a
    /// tracer still sees the code.</summary>
    private static void PrepareRestart(UserThread caller, Errno code)
    {
        caller.SignalState.RestartError = code;
        caller.RequestAttention();
    }
}
