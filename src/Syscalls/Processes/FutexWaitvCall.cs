using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class FutexWaitvCall
{
    private const uint KnownFlags = FutexBits.FUTEX_32 | FutexBits.FUTEX_PRIVATE_FLAG;
    private const ulong EntryBytes = 24;

    /// <summary>Sleeps until one of several futexes is woken; the result is which.</summary>
    /// <errors>EINVAL: a flag, no futex or more than 128, another clock, a bad time, a bad entry. EFAULT.
    /// EAGAIN: a word is different. ETIMEDOUT. EINTR. ENOMEM.</errors>
    /// <source>futex_waitv(2)</source>
    internal static SyscallResult Invoke(
        UserAddress entries, uint count, uint flags, UserAddress timeout, int clock)
    {
        if (flags != 0) return Errno.EINVAL;
        if (count is 0 or > FutexBits.FUTEX_WAITV_MAX || entries.IsNull) return Errno.EINVAL;
        Nanoseconds deadline = Nanoseconds.Max;
        if (!timeout.IsNull)
        {
            if (clock is not (ClockId.CLOCK_REALTIME or ClockId.CLOCK_MONOTONIC)) return Errno.EINVAL;
            if (!UserMemory.TryRead(timeout, out Timespec time)) return Errno.EFAULT;
            if (!ClockTicks.TryConvert(time, out deadline)) return Errno.EINVAL;
            if (clock == ClockId.CLOCK_REALTIME) deadline = UserClock.RealtimeToMonotonic(deadline);
        }

        if (!KernelObjects.MayCreate()) return Errno.ENOMEM;
        FutexWord[] words = new FutexWord[(int)count];
        for (int i = 0; i < words.Length; i++)
        {
            Errno bad = ReadEntry(entries + (ulong)i * EntryBytes, out words[i]);
            if (bad != Errno.None) return bad;
        }

        Errno error = FutexTable.WaitForAny(words, deadline, out int index);
        return error == Errno.None ? index : error;
    }

    private static Errno ReadEntry(UserAddress at, out FutexWord word)
    {
        word = default;
        if (!UserMemory.TryRead(at, out FutexWaitv entry)) return Errno.EFAULT;
        if ((entry.flags & ~KnownFlags) != 0 || entry.reserved != 0) return Errno.EINVAL;
        if ((entry.flags & FutexBits.FUTEX_32) == 0) return Errno.EINVAL;
        bool isPrivate = (entry.flags & FutexBits.FUTEX_PRIVATE_FLAG) != 0;
        FutexScope scope = isPrivate ? FutexScope.Private : FutexScope.Shared;
        return FutexWord.TryCreate(scope, new UserAddress(entry.uaddr), (uint)entry.val, out word, out Errno error)
            ? Errno.None
            : error;
    }
}
