using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

internal static class Select
{
    private const int BitsPerWord = 64;

    /// <summary>Waits until a descriptor of one of three sets is ready.</summary>
    /// <errors>EINVAL: a negative count or time. EBADF: a bit stands for none. EFAULT. EINTR. ENOMEM.
    /// </errors>
    /// <source>select(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int count, UserAddress readers, UserAddress writers, UserAddress exceptions,
        UserAddress timeout)
    {
        if (!WaitTime.TryReadTimeval(timeout, out WaitTime wait, out Errno error)) return error;
        SyscallResult result = Wait(caller, count, readers, writers, exceptions, wait.Deadline);
        wait.WriteBackTimeval(timeout);
        return result;
    }

    /// <summary>The same with a finer time.</summary>
    /// <source>pselect(2); the signal mask is the dispatcher's business, which has put it in place.</source>
    internal static SyscallResult InvokeUntil(
        UserThread caller, int count, UserAddress readers, UserAddress writers, UserAddress exceptions,
        UserAddress timeout, in WaitTime wait)
    {
        SyscallResult result = Wait(caller, count, readers, writers, exceptions, wait.Deadline);
        wait.WriteBackTimespec(timeout);
        return result;
    }

    private static SyscallResult Wait(
        UserThread caller, int count, UserAddress readers, UserAddress writers, UserAddress exceptions,
        Nanoseconds deadline)
    {
        if (count < 0) return Errno.EINVAL;

        // What lies beyond the descriptors there can be is not looked at, as on Linux.
        count = int.Min(count, DescriptorLimit.Of(caller));
        int words = (count + BitsPerWord - 1) / BitsPerWord;
        if (!LargeArray.TryReserve(3L * words * sizeof(ulong))) return Errno.ENOMEM;
        ulong[] sets = new ulong[3 * words];
        Span<ulong> reading = sets.AsSpan(0, words);
        Span<ulong> writing = sets.AsSpan(words, words);
        Span<ulong> excepting = sets.AsSpan(2 * words, words);
        if (!TryCopyIn(readers, reading) || !TryCopyIn(writers, writing) || !TryCopyIn(exceptions, excepting))
        {
            return Errno.EFAULT;
        }

        IoResult ready = SelectSet.Wait(
            caller.Descriptors, count, reading, writing, excepting, deadline, out _);
        if (ready.IsError) return ready;

        // As in poll: a signal comes before a time-out.
        if (ready.Value == 0 && caller.IsInterruptRequested) return Errno.ERESTARTNOHAND;

        bool isWritten = TryCopyOut(readers, reading) && TryCopyOut(writers, writing)
            && TryCopyOut(exceptions, excepting);
        return isWritten ? ready : Errno.EFAULT;
    }

    private static bool TryCopyIn(UserAddress address, Span<ulong> set)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(set);
        return address.IsNull || UserMemory.CopyIn(bytes, address) == bytes.Length;
    }

    private static bool TryCopyOut(UserAddress address, Span<ulong> set)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(set);
        return address.IsNull || UserMemory.CopyOut(address, bytes) == bytes.Length;
    }
}
