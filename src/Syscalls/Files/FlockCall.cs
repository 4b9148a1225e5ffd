using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class FlockCall
{
    /// <summary>Locks a whole file for everybody who shares the open file, or unlocks it.</summary>
    /// <errors>EBADF. EINVAL: no such operation. EWOULDBLOCK: another's lock is in the way. ENOLCK: the user
    /// has too many.
    /// </errors>
    /// <source>flock(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, int operation)
    {
        // Mandatory locks there are none any more: asking for one does nothing, whatever the file.
        if ((operation & FlockOperation.LOCK_MAND) != 0) return 0;
        LockType type;
        switch (operation & ~FlockOperation.LOCK_NB)
        {
            case FlockOperation.LOCK_SH:
                type = LockType.Shared;
                break;
            case FlockOperation.LOCK_EX:
                type = LockType.Exclusive;
                break;
            case FlockOperation.LOCK_UN:
                type = LockType.None;
                break;
            default:
                return Errno.EINVAL;
        }

        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            OpenFile file = use.File;
            if (type != LockType.None && !file.CanRead && !file.CanWrite) return Errno.EBADF;
            return FileLocks.SetWhole(file, new LockRequest
            {
                Type = type,
                Range = LockRange.Whole,
                Waits = (operation & FlockOperation.LOCK_NB) == 0,
                ProcessId = caller.Process.Id,
                Account = caller.FileAccount,
            });
        }
    }
}
