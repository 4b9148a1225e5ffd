using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class GetDirectoryEntries
{
    /// <summary>At most so much is gathered before it is copied out; a longer buffer is filled by further calls.
    /// </summary>
    private const int MaxBytes = 32 * 1024;

    /// <summary>Reads entries of a directory, from the descriptor's offset on.</summary>
    /// <errors>EBADF. ENOTDIR. EINVAL: the buffer has no room for the next entry. EFAULT. ENOENT: the directory has
    /// been removed.</errors>
    /// <source>getdents64(2).</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, UserAddress buffer, uint lengthBytes)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            // Gathered in the kernel: the directory is locked while it is read, and the program's memory may not be there.
            byte[] room = new byte[(int)uint.Min(lengthBytes, MaxBytes)];
            long before = use.File.Offset;
            DirectorySink sink = new(room);
            error = use.File.ReadDirectory(ref sink);
            if (sink.LengthBytes == 0)
            {
                if (error == Errno.None && sink.IsFull) return Errno.EINVAL;
                return error;
            }

            int copied = UserMemory.CopyOut(buffer, room.AsSpan(0, sink.LengthBytes));
            if (copied == sink.LengthBytes) return copied;

            // Nothing was handed over, so nothing must be skipped.
            _ = use.File.Seek(before, SeekWhence.SEEK_SET);
            return Errno.EFAULT;
        }
    }
}
