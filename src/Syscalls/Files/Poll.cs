using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

internal static class Poll
{
    private const int PollFdBytes = 8;

    /// <summary>Waits until one of the descriptors is ready. A negative time-out means for ever.</summary>
    /// <errors>EINVAL: more descriptors than RLIMIT_NOFILE. EFAULT. EINTR. ENOMEM.</errors>
    /// <source>poll(2)</source>
    internal static SyscallResult Invoke(UserThread caller, UserAddress array, uint count, int timeoutMs)
    {
        Nanoseconds deadline = timeoutMs < 0
            ? Nanoseconds.Max
            : Clock.Monotonic + Nanoseconds.FromMilliseconds(timeoutMs);
        return Wait(caller, array, count, deadline);
    }

    /// <summary>The same with a finer time, of which the rest is written back.</summary>
    /// <source>ppoll(2); the signal mask is the dispatcher's business, which has put it in place.</source>
    internal static SyscallResult InvokeUntil(
        UserThread caller, UserAddress array, uint count, UserAddress timeout, in WaitTime wait)
    {
        SyscallResult result = Wait(caller, array, count, wait.Deadline);
        wait.WriteBackTimespec(timeout);
        return result;
    }

    private static SyscallResult Wait(UserThread caller, UserAddress array, uint count, Nanoseconds deadline)
    {
        if (count > (uint)DescriptorLimit.Of(caller)) return Errno.EINVAL;

        if (!LargeArray.TryReserve((long)count * PollFdBytes)) return Errno.ENOMEM;
        PollFd[] entries = count == 0 ? [] : new PollFd[count];
        Span<byte> bytes = MemoryMarshal.AsBytes(entries.AsSpan());
        if (UserMemory.CopyIn(bytes, array) < bytes.Length) return Errno.EFAULT;

        int ready = PollSet.Wait(caller.Descriptors, entries, deadline, out _);

        // A time-out and a signal at once are a signal: that of ppoll's mask comes even when there is no time
        // to wait.
        if (ready == 0 && caller.IsInterruptRequested) return Errno.ERESTARTNOHAND;
        return UserMemory.CopyOut(array, bytes) < bytes.Length ? Errno.EFAULT : ready;
    }
}
