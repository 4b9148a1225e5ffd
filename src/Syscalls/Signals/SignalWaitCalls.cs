using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

/// <summary>Waiting for signals.</summary>
internal static class SignalWaitCalls
{
    /// <errors>EINTR, always: after a handler has run.</errors>
    /// <source>pause(2)</source>
    internal static SyscallResult Pause(UserThread caller)
    {
        while (!caller.IsInterruptRequested) _ = Sleep.For(Nanoseconds.Max, SleepMode.Interruptible);
        return Errno.ERESTARTNOHAND;
    }

    /// <summary>The same with another mask, which is replaced by the old one after the handler.</summary>
    /// <errors>EINVAL: the size of the mask. EFAULT. EINTR.</errors>
    /// <source>sigsuspend(2)</source>
    internal static SyscallResult Sigsuspend(UserThread caller, UserAddress mask, ulong size)
    {
        if (!SignalSetArgument.TryRead(mask, size, out SignalSet blocked, out Errno error)) return error;
        PendingSignals.SetBlockedForCall(caller, blocked);
        return Pause(caller);
    }

    /// <summary>Takes one of the signals, waiting for it if need be. The result is its number.</summary>
    /// <errors>EINVAL: the size of the set, or the time. EFAULT. EAGAIN: the time is up. EINTR: another
    /// signal.</errors>
    /// <source>sigtimedwait(2)</source>
    internal static SyscallResult Sigtimedwait(
        UserThread caller, UserAddress setAddress, UserAddress infoAddress, UserAddress timeout, ulong size)
    {
        if (!SignalSetArgument.TryRead(setAddress, size, out SignalSet wanted, out Errno error)) return error;
        if (!WaitTime.TryReadTimespec(timeout, out WaitTime wait, out error)) return error;

        error = SignalWait.Wait(caller, wanted, wait.Deadline, out SignalInfo info);
        if (error != Errno.None) return error;
        if (infoAddress.IsNull) return info.Number;

        Span<byte> bytes = stackalloc byte[SignalInfo.UserSizeBytes];
        info.Write(bytes);
        return UserMemory.CopyOut(infoAddress, bytes) == bytes.Length ? info.Number : Errno.EFAULT;
    }

    /// <summary>Goes on with a call that a stop interrupted. Programs do not call it; the way out of the
    /// kernel does.</summary>
    /// <errors>EINTR: nothing is to be continued.</errors>
    /// <source>restart_syscall(2)</source>
    internal static SyscallResult RestartSyscall(UserThread caller)
    {
        RestartBlock? block = caller.SignalState.RestartBlock;
        caller.SignalState.RestartBlock = null;
        return block?.Restart(caller) ?? Errno.EINTR;
    }
}
