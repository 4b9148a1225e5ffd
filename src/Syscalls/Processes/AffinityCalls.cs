using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The processors a thread may run on.</summary>
internal static class AffinityCalls
{
    /// <summary>One bit a processor; the kernel's own mask has one word.</summary>
    private const int MaskBytes = sizeof(ulong);

    /// <errors>EFAULT. ESRCH. EPERM: not the owner, no CAP_SYS_NICE. EINVAL: no processor of the mask
    /// exists.</errors>
    /// <source>sched_setaffinity(2): a short mask is filled up with zeros, a long one is cut off.</source>
    internal static SyscallResult Set(UserThread caller, int tid, uint length, UserAddress mask)
    {
        Span<byte> bytes = stackalloc byte[MaskBytes];
        bytes.Clear();
        int given = (int)uint.Min(length, MaskBytes);
        if (UserMemory.CopyIn(bytes[..given], mask) < given) return Errno.EFAULT;
        if (!TryFind(caller, tid, out UserThread target)) return Errno.ESRCH;

        Errno error = SchedulingRules.CheckOwner(caller, target);
        if (error != Errno.None) return error;
        ulong wanted = BinaryPrimitives.ReadUInt64LittleEndian(bytes) & Present;
        if (wanted == 0) return Errno.EINVAL;
        target.AffinityMask = wanted;
        return 0;
    }

    /// <summary>The result is the size of the kernel's mask in bytes.</summary>
    /// <errors>EINVAL: a size that is no multiple of a word, or too small. ESRCH. EFAULT.</errors>
    /// <source>sched_getaffinity(2), "C library/kernel differences"</source>
    internal static SyscallResult Get(UserThread caller, int tid, uint length, UserAddress mask)
    {
        if (length < MaskBytes || length % MaskBytes != 0) return Errno.EINVAL;
        if (!TryFind(caller, tid, out UserThread target)) return Errno.ESRCH;
        return UserMemory.TryWrite(mask, target.AffinityMask & Present) ? MaskBytes : Errno.EFAULT;
    }

    private static ulong Present => Cpu.Count >= 64 ? ulong.MaxValue : (1UL << Cpu.Count) - 1;

    private static bool TryFind(UserThread caller, int tid, out UserThread target) =>
        SchedulerCalls.TryFind(caller, tid, out target, out _);
}
