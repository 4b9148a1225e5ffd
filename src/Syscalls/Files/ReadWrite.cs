using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class ReadWrite
{
    /// <summary>Reads what there is, waiting for the first of it.</summary>
    /// <errors>EBADF: not open for reading. EAGAIN, EISDIR, EINVAL, EFAULT, EIO: the file's.</errors>
    /// <source>read(2).</source>
    internal static SyscallResult Read(UserThread caller, int fd, UserAddress buffer, ulong lengthBytes)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            UserDestination destination = new(buffer, Transfers.Clamp(lengthBytes));
            return Blocking.Read(use.File, ref destination);
        }
    }

    /// <summary>Writes, waiting for room until all is written.</summary>
    /// <errors>EBADF: not open for writing. EPIPE with SIGPIPE. EFBIG with SIGXFSZ. The rest is the file's.</errors>
    /// <source>write(2).</source>
    internal static SyscallResult Write(UserThread caller, int fd, UserAddress buffer, ulong lengthBytes)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            UserSource source = new(buffer, Transfers.Clamp(lengthBytes));
            return Transfers.Finish(caller, Blocking.Write(use.File, ref source, Transfers.SizeLimit(caller)));
        }
    }

    /// <summary>Reads at an offset of its own.</summary>
    /// <errors>EINVAL: negative. ESPIPE: a file without offsets.</errors>
    /// <source>pread(2).</source>
    internal static SyscallResult ReadAt(
        UserThread caller, int fd, UserAddress buffer, ulong lengthBytes, long offset)
    {
        if (offset < 0) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            UserDestination destination = new(buffer, Transfers.Clamp(lengthBytes));
            return use.File.ReadAt(ref destination, offset);
        }
    }

    /// <summary>Writes at an offset of its own.</summary>
    /// <errors>EINVAL: negative. ESPIPE: a file without offsets.</errors>
    /// <source>pwrite(2).</source>
    internal static SyscallResult WriteAt(
        UserThread caller, int fd, UserAddress buffer, ulong lengthBytes, long offset)
    {
        if (offset < 0) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            UserSource source = new(buffer, Transfers.Clamp(lengthBytes));
            return Transfers.Finish(caller, use.File.WriteAt(ref source, offset, Transfers.SizeLimit(caller)));
        }
    }
}
