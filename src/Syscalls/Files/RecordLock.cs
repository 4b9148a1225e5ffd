using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Locks on ranges of a file: the commands F_SETLK, F_SETLKW and F_GETLK of fcntl(2), and the same
/// with F_OFD_, whose locks belong to the open file instead of the process.</summary>
internal static class RecordLock
{
    /// <summary>What F_GETLK says of a lock that belongs to no process.</summary>
    private const int NoProcess = -1;

    /// <errors>
    /// EFAULT. EINVAL, EOVERFLOW: the range, the type, or a process id where there must be none. EBADF: not
    /// open for what the lock keeps others from. EAGAIN, EDEADLK, ENOLCK: see <see cref="FileLocks"/>.
    /// </errors>
    /// <source>fcntl(2), "Advisory record locking" and "Open file description locks (non-POSIX)".</source>
    internal static SyscallResult Set(UserThread caller, OpenFile file, int fd, int command, UserAddress address)
    {
        bool isOfFile = command is FcntlCommand.F_OFD_SETLK or FcntlCommand.F_OFD_SETLKW;
        if (!TryRead(file, address, isOfFile, out Flock wanted, out LockRange range, out Errno error)) return error;
        if (!TryGetType(wanted.l_type, out LockType type)) return Errno.EINVAL;
        if (type == LockType.Shared && !file.CanRead) return Errno.EBADF;
        if (type == LockType.Exclusive && !file.CanWrite) return Errno.EBADF;

        LockRequest request = new()
        {
            Type = type,
            Range = range,
            Waits = command is FcntlCommand.F_SETLKW or FcntlCommand.F_OFD_SETLKW,
            ProcessId = isOfFile ? NoProcess : caller.Process.Id,
            Account = caller.FileAccount,
        };
        if (isOfFile) return FileLocks.SetForFile(file, request);

        DescriptorTable table = caller.Descriptors;
        error = FileLocks.SetForTable(file, table, request);
        if (error != Errno.None || type == LockType.None || table.Refers(fd, file)) return error;

        // Another thread has closed the descriptor meanwhile, and with it would have gone the lock.
        _ = FileLocks.SetForTable(file, table, request with { Type = LockType.None });
        return Errno.EBADF;
    }

    /// <summary>Looks for a lock that would be in the way.</summary>
    internal static SyscallResult Get(UserThread caller, OpenFile file, int command, UserAddress address)
    {
        bool isOfFile = command == FcntlCommand.F_OFD_GETLK;
        if (!TryRead(file, address, isOfFile, out Flock wanted, out LockRange range, out Errno error)) return error;
        if (!TryGetType(wanted.l_type, out LockType type) || type == LockType.None) return Errno.EINVAL;

        LockRequest request = new() { Type = type, Range = range, Account = caller.FileAccount };
        bool isFound = isOfFile
            ? FileLocks.TryFindForFile(file, request, out LockRequest other)
            : FileLocks.TryFindForTable(file, caller.Descriptors, request, out other);
        if (isFound)
        {
            wanted.l_type = other.Type == LockType.Shared ? (short)FcntlCommand.F_RDLCK : (short)FcntlCommand.F_WRLCK;
            wanted.l_whence = SeekWhence.SEEK_SET;
            wanted.l_start = other.Range.First;
            wanted.l_len = other.Range.LengthBytes;
            wanted.l_pid = other.ProcessId;
        }
        else
        {
            wanted.l_type = FcntlCommand.F_UNLCK;
        }

        return UserMemory.TryWrite(address, wanted) ? 0 : Errno.EFAULT;
    }

    private static bool TryRead(
        OpenFile file, UserAddress address, bool isOfFile, out Flock wanted, out LockRange range, out Errno error)
    {
        range = default;
        error = Errno.EFAULT;
        if (!UserMemory.TryRead(address, out wanted)) return false;
        error = Errno.EINVAL;
        if (isOfFile && wanted.l_pid != 0) return false;
        return LockRange.TryMake(file, wanted.l_whence, wanted.l_start, wanted.l_len, out range, out error);
    }

    private static bool TryGetType(short number, out LockType type)
    {
        type = number switch
        {
            FcntlCommand.F_RDLCK => LockType.Shared,
            FcntlCommand.F_WRLCK => LockType.Exclusive,
            _ => LockType.None,
        };
        return type != LockType.None || number == FcntlCommand.F_UNLCK;
    }
}
