using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The calls that change or look at mappings: each is the operation of <see cref="AddressSpace"/> it
/// is named after.</summary>
internal static class Mappings
{
    /// <source>munmap(2)</source>
    internal static SyscallResult Munmap(UserThread caller, UserAddress address, ulong length) =>
        address.PageOffset != 0 ? Errno.EINVAL : caller.Process.Memory!.Unmap(address, length);

    /// <errors>EINVAL: an unknown bit, or both directions of growth.</errors>
    /// <source>mprotect(2)</source>
    internal static SyscallResult Mprotect(UserThread caller, UserAddress address, ulong length, int protection)
    {
        const int Grows = ProtBits.PROT_GROWSDOWN | ProtBits.PROT_GROWSUP;
        const int Known = ProtBits.PROT_READ | ProtBits.PROT_WRITE | ProtBits.PROT_EXEC | ProtBits.PROT_SEM | Grows;
        if ((protection & Grows) == Grows || (protection & ~Known) != 0) return Errno.EINVAL;
        if ((protection & ProtBits.PROT_GROWSUP) != 0) return Errno.EINVAL; // no mapping of x86-64 grows up

        PageRights rights = MemoryArguments.Rights(protection, caller);
        AddressSpace memory = caller.Process.Memory!;
        return (protection & ProtBits.PROT_GROWSDOWN) != 0
            ? memory.ProtectStack(address, length, rights)
            : memory.Protect(address, length, rights);
    }

    /// <source>brk(2): the result is the break, whether it moved or not.</source>
    internal static SyscallResult Brk(UserThread caller, UserAddress wanted) =>
        (nint)caller.Process.Memory!.SetBreak(wanted).Value;

    /// <source>mremap(2)</source>
    internal static SyscallResult Mremap(
        UserThread caller, UserAddress oldAddress, ulong oldLength, ulong newLength, int flags, UserAddress newAddress) =>
        caller.Process.Memory!.TryRemap(
            oldAddress, oldLength, newLength, (RemapFlags)flags, newAddress, MemoryArguments.Permission(caller),
            out UserAddress at, out Errno error)
            ? (nint)at.Value
            : error;

    /// <summary>Shows other pages of a file in a part of its mapping.</summary>
    /// <errors>EINVAL: rights are given, nothing to map, or no shared mapping there.</errors>
    /// <source>remap_file_pages(2); since Linux 4.0 as here, by mappings.</source>
    internal static SyscallResult RemapFilePages(
        UserThread caller, UserAddress address, ulong length, ulong protection, ulong page)
    {
        if (protection != 0) return Errno.EINVAL;
        return caller.Process.Memory!.RemapFilePages(
            address.PageDown, length & ~(ulong)(UserAddress.PageSizeBytes - 1), page);
    }

    /// <source>madvise(2)</source>
    internal static SyscallResult Madvise(UserThread caller, UserAddress address, ulong length, int advice) =>
        caller.Process.Memory!.Advise(address, length, advice);

    /// <errors>EINVAL: an unknown flag, both kinds of writing, or an address off a page boundary.</errors>
    /// <source>msync(2)</source>
    internal static SyscallResult Msync(UserThread caller, UserAddress address, ulong length, int flags)
    {
        const int Known = MsyncBits.MS_ASYNC | MsyncBits.MS_INVALIDATE | MsyncBits.MS_SYNC;
        const int Both = MsyncBits.MS_ASYNC | MsyncBits.MS_SYNC;
        if ((flags & ~Known) != 0 || (flags & Both) == Both) return Errno.EINVAL;

        SyncFlags sync = SyncFlags.None;
        if ((flags & MsyncBits.MS_SYNC) != 0) sync |= SyncFlags.Wait;
        if ((flags & MsyncBits.MS_INVALIDATE) != 0) sync |= SyncFlags.Invalidate;
        return caller.Process.Memory!.Synchronize(address, length, sync);
    }

    /// <summary>Tells for each page whether it is in memory: one byte each.</summary>
    /// <errors>EINVAL: an address off a page boundary. ENOMEM: a part is not mapped. EFAULT.</errors>
    /// <source>mincore(2)</source>
    internal static SyscallResult Mincore(UserThread caller, UserAddress address, ulong length, UserAddress result)
    {
        const int PagesAtATime = 4096;
        if (address.PageOffset != 0) return Errno.EINVAL;
        if (!UserAddress.IsValidRange(address, length)) return Errno.ENOMEM;

        ulong pages = (length + UserAddress.PageSizeBytes - 1) / UserAddress.PageSizeBytes;
        byte[] buffer = new byte[(int)ulong.Min(pages, PagesAtATime)];
        for (ulong done = 0; done < pages;)
        {
            Span<byte> part = buffer.AsSpan(0, (int)ulong.Min(pages - done, PagesAtATime));
            Errno error = caller.Process.Memory!.FindResident(address + done * UserAddress.PageSizeBytes, part);
            if (error != Errno.None) return error;
            if (UserMemory.CopyOut(result + done, part) < part.Length) return Errno.EFAULT;
            done += (ulong)part.Length;
        }

        return 0;
    }

    /// <errors>EINVAL: an unknown flag.</errors>
    /// <source>mlock(2), mlock2(2)</source>
    internal static SyscallResult Mlock2(UserThread caller, UserAddress address, ulong length, int flags)
    {
        if ((flags & ~MlockBits.MLOCK_ONFAULT) != 0) return Errno.EINVAL;
        LockMode mode = flags != 0 ? LockMode.OnFault : LockMode.Now;
        return caller.Process.Memory!.Lock(address, length, mode, MemoryArguments.Permission(caller));
    }

    /// <source>munlock(2)</source>
    internal static SyscallResult Munlock(UserThread caller, UserAddress address, ulong length) =>
        caller.Process.Memory!.Unlock(address, length);

    /// <errors>EINVAL: an unknown flag, or MCL_ONFAULT alone.</errors>
    /// <source>mlockall(2)</source>
    internal static SyscallResult Mlockall(UserThread caller, int flags)
    {
        const int Known = MlockBits.MCL_CURRENT | MlockBits.MCL_FUTURE | MlockBits.MCL_ONFAULT;
        if ((flags & ~Known) != 0 || flags is 0 or MlockBits.MCL_ONFAULT) return Errno.EINVAL;

        LockMode mode = (flags & MlockBits.MCL_ONFAULT) != 0 ? LockMode.OnFault : LockMode.Now;
        LockAllScope scope = (LockAllScope)(flags & (MlockBits.MCL_CURRENT | MlockBits.MCL_FUTURE));
        return caller.Process.Memory!.LockAll(scope, mode, MemoryArguments.Permission(caller));
    }

    /// <source>munlockall(2)</source>
    internal static SyscallResult Munlockall(UserThread caller)
    {
        caller.Process.Memory!.UnlockAll();
        return 0;
    }
}
