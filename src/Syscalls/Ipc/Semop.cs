using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Semop
{
    // More than this come in a heap object.
    private const int FewOperations = 64;
    private const int OperationBytes = 6;

    /// <summary>Changes semaphores or waits for them, for a time or, with a null address, without
    /// limit.</summary>
    /// <errors>EINVAL: no operation, or a bad time. E2BIG: more than semopm. EFAULT. The rest: see
    /// <see cref="SemaphoreOperations.Perform"/>.</errors>
    /// <source>semop(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int id, UserAddress operations, uint count, UserAddress timeout)
    {
        // The time is read before anything else is looked at, as on Linux.
        if (!timeout.IsNull && !UserMemory.TryRead(timeout, out Timespec _)) return Errno.EFAULT;
        if (count == 0 || id < 0) return Errno.EINVAL;
        if (count > (uint)IpcLimits.OperationsOfCall) return Errno.E2BIG;

        Span<Sembuf> few = stackalloc Sembuf[FewOperations];
        Span<Sembuf> all = count <= FewOperations ? few[..(int)count] : new Sembuf[(int)count];
        if (UserMemory.CopyIn(MemoryMarshal.AsBytes(all), operations) < (int)count * OperationBytes)
            return Errno.EFAULT;
        if (!WaitTime.TryReadTimespec(timeout, out WaitTime wait, out Errno error)) return error;
        return SemaphoreOperations.Perform(caller, id, all, wait.Deadline);
    }
}
