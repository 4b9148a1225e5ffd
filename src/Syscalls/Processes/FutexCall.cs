using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Sleeping and waking on a word of memory.</summary>
internal static class FutexCall
{
    private const uint AnyBit = FutexBits.FUTEX_BITSET_MATCH_ANY;

    /// <errors>ENOSYS: an unknown operation, or FUTEX_CLOCK_REALTIME with one that has no clock. See <see
    /// cref="FutexTable"/>.</errors>
    /// <source>futex(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, UserAddress at, uint operation, uint value, SyscallArgument fourth, UserAddress second,
        uint value3)
    {
        uint command = operation & FutexBits.FUTEX_CMD_MASK;
        bool isPrivate = (operation & FutexBits.FUTEX_PRIVATE_FLAG) != 0;
        bool hasRealtime = (operation & FutexBits.FUTEX_CLOCK_REALTIME) != 0;
        FutexScope scope = isPrivate ? FutexScope.Private : FutexScope.Shared;
        bool hasClock = command is FutexBits.FUTEX_WAIT or FutexBits.FUTEX_WAIT_BITSET;
        if (hasRealtime && !hasClock) return Errno.ENOSYS;

        int count = (int)value;
        int secondCount = fourth;
        switch (command)
        {
            case FutexBits.FUTEX_WAIT:
                return Wait(caller, scope, at, value, fourth);
            case FutexBits.FUTEX_WAIT_BITSET:
                return WaitUntil(caller, scope, at, value, fourth, value3, hasRealtime);
            case FutexBits.FUTEX_WAKE:
                return FutexTable.Wake(scope, at, count, AnyBit);
            case FutexBits.FUTEX_WAKE_BITSET:
                return FutexTable.Wake(scope, at, count, value3);
            case FutexBits.FUTEX_REQUEUE:
                return FutexTable.Requeue(scope, at, second, count, secondCount, null);
            case FutexBits.FUTEX_CMP_REQUEUE:
                return FutexTable.Requeue(scope, at, second, count, secondCount, value3);
            case FutexBits.FUTEX_WAKE_OP:
                return FutexTable.WakeOperation(scope, at, second, count, secondCount, value3);
            default:
                Unsupported.Use(caller, "futex", operation);
                return Errno.ENOSYS;
        }
    }

    /// <summary>The time-out is a length of time; either clock measures it alike.</summary>
    private static SyscallResult Wait(
        UserThread caller, FutexScope scope, UserAddress at, uint expected, UserAddress timeout)
    {
        if (!WaitTime.TryReadTimespec(timeout, out WaitTime wait, out Errno error)) return error;
        return new FutexRestart(scope, at, expected, AnyBit, wait.Deadline).Restart(caller);
    }

    /// <summary>The time-out is a point of a clock.</summary>
    private static SyscallResult WaitUntil(
        UserThread caller, FutexScope scope, UserAddress at, uint expected, UserAddress timeout, uint bits,
        bool isRealtime)
    {
        Nanoseconds deadline = Nanoseconds.Max;
        if (!timeout.IsNull)
        {
            if (!UserMemory.TryRead(timeout, out Timespec time)) return Errno.EFAULT;
            if (!ClockTicks.TryConvert(time, out deadline)) return Errno.EINVAL;
            if (isRealtime) deadline = UserClock.RealtimeToMonotonic(deadline);
        }

        return new FutexRestart(scope, at, expected, bits, deadline).Restart(caller);
    }

    /// <summary>A wait that goes on to the same deadline after a stop.</summary>
    private sealed class FutexRestart(
        FutexScope scope, UserAddress at, uint expected, uint bits, Nanoseconds deadline) : RestartBlock
    {
        public override SyscallResult Restart(UserThread caller)
        {
            Errno error = FutexTable.Wait(scope, at, expected, bits, deadline);
            // Without a time-out the call can simply be made again.
            if (error != Errno.ERESTARTSYS || deadline == Nanoseconds.Max) return error;
            caller.SignalState.RestartBlock = this;
            return Errno.ERESTART_RESTARTBLOCK;
        }
    }
}
