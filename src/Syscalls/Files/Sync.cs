using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Writing to devices what is only in memory, and hints about that.</summary>
internal static class Sync
{
    /// <source>fsync(2), fdatasync(2)</source>
    internal static SyscallResult Fsync(UserThread caller, int fd)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use) return use.File.IsPathOnly ? Errno.EBADF : use.File.Synchronize();
    }

    /// <source>syncfs(2)</source>
    internal static SyscallResult Syncfs(UserThread caller, int fd)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use) return use.File.IsPathOnly ? Errno.EBADF : use.File.Inode.Filesystem.Synchronize();
    }

    /// <summary>Advice on how a file will be read. All of it is a hint; pages in memory cost nothing to
    /// keep.</summary>
    /// <errors>EBADF. EINVAL: unknown advice, or a negative length. ESPIPE: a pipe.</errors>
    /// <source>posix_fadvise(2)</source>
    internal static SyscallResult Fadvise64(UserThread caller, int fd, long offset, long lengthBytes, int advice)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (use.File.IsPathOnly) return Errno.EBADF;
            if (use.File.Inode.Type == InodeType.Fifo) return Errno.ESPIPE;
            return lengthBytes < 0 || advice is < 0 or > FadviseAdvice.POSIX_FADV_NOREUSE ? Errno.EINVAL : 0;
        }
    }

    /// <errors>EBADF: not open for reading. EINVAL: no regular file.</errors>
    /// <source>readahead(2)</source>
    internal static SyscallResult Readahead(UserThread caller, int fd)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!use.File.CanRead) return Errno.EBADF;
            return use.File.Inode.IsRegular ? 0 : Errno.EINVAL;
        }
    }

    /// <summary>Starts and awaits the writing of a range. There is no device that it would go to.</summary>
    /// <errors>EBADF. EINVAL: a flag, or a range that is none. ESPIPE: neither a file nor a
    /// directory.</errors>
    /// <source>sync_file_range(2)</source>
    internal static SyscallResult SyncFileRange(UserThread caller, int fd, long offset, long lengthBytes, uint flags)
    {
        const uint Known = SyncRangeBits.SYNC_FILE_RANGE_WAIT_BEFORE | SyncRangeBits.SYNC_FILE_RANGE_WRITE
            | SyncRangeBits.SYNC_FILE_RANGE_WAIT_AFTER;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (use.File.IsPathOnly) return Errno.EBADF;
            if ((flags & ~Known) != 0 || offset < 0 || lengthBytes < 0) return Errno.EINVAL;
            if (offset > long.MaxValue - lengthBytes) return Errno.EINVAL;
            return use.File.Inode.IsRegular || use.File.Inode.IsDirectory ? 0 : Errno.ESPIPE;
        }
    }
}
