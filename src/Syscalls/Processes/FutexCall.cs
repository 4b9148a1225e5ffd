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
        bool hasClock = command is FutexBits.FUTEX_WAIT_BITSET
            or FutexBits.FUTEX_WAIT_REQUEUE_PI or FutexBits.FUTEX_LOCK_PI2;
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
                return InvokeWithPriority(caller, scope, at, operation, value, fourth, second, value3);
        }
    }

    /// <inheritdoc cref="PriorityFutexes"/>
    private static SyscallResult InvokeWithPriority(
        UserThread caller, FutexScope scope, UserAddress at, uint operation, uint value, SyscallArgument fourth,
        UserAddress second, uint value3)
    {
        uint command = operation & FutexBits.FUTEX_CMD_MASK;
        // The oldest of them knows only the time of day.
        bool isRealtime = command == FutexBits.FUTEX_LOCK_PI || (operation & FutexBits.FUTEX_CLOCK_REALTIME) != 0;
        Nanoseconds deadline;
        Errno error;
        switch (command)
        {
            case FutexBits.FUTEX_LOCK_PI:
            case FutexBits.FUTEX_LOCK_PI2:
                return TryReadDeadline(fourth, isRealtime, out deadline, out error)
                    ? PriorityFutexes.Lock(scope, at, deadline)
                    : error;
            case FutexBits.FUTEX_TRYLOCK_PI:
                return PriorityFutexes.TryLock(scope, at);
            case FutexBits.FUTEX_UNLOCK_PI:
                return PriorityFutexes.Unlock(scope, at);
            case FutexBits.FUTEX_WAIT_REQUEUE_PI:
                return TryReadDeadline(fourth, isRealtime, out deadline, out error)
                    ? PriorityFutexes.WaitForMove(scope, at, value, second, deadline)
                    : error;
            case FutexBits.FUTEX_CMP_REQUEUE_PI:
                return PriorityFutexes.Move(scope, at, second, (int)value, fourth, value3);
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
        if (!TryReadDeadline(timeout, isRealtime, out Nanoseconds deadline, out Errno error)) return error;
        return new FutexRestart(scope, at, expected, bits, deadline).Restart(caller);
    }

    /// <summary>A null address: never.</summary>
    /// <errors>EFAULT. EINVAL: a bad time.</errors>
    private static bool TryReadDeadline(
        UserAddress timeout, bool isRealtime, out Nanoseconds deadline, out Errno error)
    {
        deadline = Nanoseconds.Max;
        error = Errno.None;
        if (timeout.IsNull) return true;
        error = Errno.EFAULT;
        if (!UserMemory.TryRead(timeout, out Timespec time)) return false;
        error = Errno.EINVAL;
        if (!ClockTicks.TryConvert(time, out deadline)) return false;
        if (isRealtime) deadline = UserClock.RealtimeToMonotonic(deadline);
        error = Errno.None;
        return true;
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
