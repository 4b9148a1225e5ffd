using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>shmctl(2).</summary>
/// <errors>EINVAL: no such segment or command. EACCES. EPERM. EFAULT. ENOMEM: SHM_LOCK, a limit.</errors>
/// <source>shmctl(2)</source>
public static class SegmentControl
{
    public static SyscallResult Invoke(UserThread caller, int id, int command, UserAddress buffer)
    {
        if (id < 0 || command < 0) return Errno.EINVAL;
        switch (command)
        {
            case ShmBits.IPC_INFO:
                return GetLimits(buffer);
            case ShmBits.SHM_INFO:
                return GetUse(buffer);
            case ShmBits.IPC_STAT:
            case ShmBits.SHM_STAT:
            case ShmBits.SHM_STAT_ANY:
                return GetState(caller, id, command, buffer);
            case ShmBits.IPC_SET:
                return Set(caller, id, buffer);
            case ShmBits.IPC_RMID:
                if (!IpcRules.TryFindToChange(
                    SharedSegments.Table, id, caller.Credentials, out ShmSegment? doomed, out Errno error)) return error;
                SharedSegments.Remove(doomed);
                return 0;
            case ShmBits.SHM_LOCK:
            case ShmBits.SHM_UNLOCK:
                return SetLock(caller, id, command == ShmBits.SHM_LOCK);
            default:
                return Errno.EINVAL;
        }
    }

    private static SyscallResult GetLimits(UserAddress buffer)
    {
        ShmLimits limits = new()
        {
            shmmax = IpcLimits.SegmentBytes,
            shmmin = 1,
            shmmni = (ulong)IpcLimits.Segments,
            shmseg = (ulong)IpcLimits.Segments,
            shmall = IpcLimits.SegmentPages,
        };
        return UserMemory.TryWrite(buffer, limits) ? SharedSegments.Table.HighestSlot : Errno.EFAULT;
    }

    private static SyscallResult GetUse(UserAddress buffer)
    {
        ShmInfo info = default;
        using (SleepLock.Guard guard = SharedSegments.Table.Lock.Acquire())
        {
            info.used_ids = SharedSegments.Table.Count;
            info.shm_tot = SharedSegments.Pages;
            for (int slot = 0; slot <= SharedSegments.Table.HighestSlot; slot++)
                info.shm_rss += (ulong)(SharedSegments.Table.At(slot)?.Memory.PageCount ?? 0);
        }

        return UserMemory.TryWrite(buffer, info) ? SharedSegments.Table.HighestSlot : Errno.EFAULT;
    }

    private static SyscallResult GetState(UserThread caller, int id, int command, UserAddress buffer)
    {
        bool isSlot = command != ShmBits.IPC_STAT;
        if (!IpcRules.TryFindToRead(
            SharedSegments.Table, id, isSlot, command == ShmBits.SHM_STAT_ANY, caller.Credentials,
            out ShmSegment? segment, out Errno error)) return error;

        segment.Describe(out ShmidDs state);
        if (!UserMemory.TryWrite(buffer, state)) return Errno.EFAULT;
        return isSlot ? segment.Id : 0;
    }

    private static SyscallResult Set(UserThread caller, int id, UserAddress buffer)
    {
        if (!UserMemory.TryRead(buffer, out ShmidDs given)) return Errno.EFAULT;
        return IpcRules.TryFindToChange(
            SharedSegments.Table, id, caller.Credentials, out ShmSegment? segment, out Errno error)
            ? segment.SetOwner(given.shm_perm)
            : error;
    }

    /// <summary>There is no swap, so that what is in memory stays; what remains is the limit and the
    /// mark.</summary>
    private static SyscallResult SetLock(UserThread caller, int id, bool locks)
    {
        IpcTable<ShmSegment> table = SharedSegments.Table;
        if (!table.TryFind(id, out ShmSegment? segment, out Errno error)) return error;

        Credentials credentials = caller.Credentials;
        bool isFree = credentials.Has(Capability.CAP_IPC_LOCK);
        ulong limitBytes = caller.Process.Limits.Soft(RlimitResource.RLIMIT_MEMLOCK);
        if (!isFree)
        {
            if (credentials.Euid != segment.Uid && credentials.Euid != segment.CreatorUid) return Errno.EPERM;
            if (locks && limitBytes == 0) return Errno.EPERM;
        }

        using SleepLock.Guard guard = table.Lock.Acquire();
        if (segment.IsRemoved) return Errno.EIDRM;
        if (!locks)
        {
            segment.Locker = null;
            return 0;
        }

        if (segment.Locker is not null) return 0;
        ulong pages = LockedPagesOf(credentials.Uid) + segment.Pages;
        if (!isFree && pages > limitBytes / UserAddress.PageSizeBytes) return Errno.ENOMEM;
        segment.Locker = credentials.Uid;
        return 0;
    }

    private static ulong LockedPagesOf(uint user)
    {
        ulong pages = 0;
        for (int slot = 0; slot <= SharedSegments.Table.HighestSlot; slot++)
        {
            if (SharedSegments.Table.At(slot) is { } other && other.Locker == user) pages += other.Pages;
        }

        return pages;
    }
}
