using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Getdents64
{
    // Directories are read through a kernel buffer of at most this; a larger one of the caller is filled in
    // turns.
    private const int BufferBytes = 4096;

    /// <summary>The next entries of a directory, as many whole ones as fit.</summary>
    /// <errors>EBADF. ENOTDIR. EINVAL: not even one fits. EFAULT. ENOENT: the directory is gone.</errors>
    /// <source>getdents64(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, UserAddress buffer, uint count)
        => Invoke(caller, fd, buffer, count, isOld: false);

    /// <summary>The same, with the type of the file in another place.</summary>
    /// <source>getdents(2)</source>
    internal static SyscallResult InvokeOld(UserThread caller, int fd, UserAddress buffer, uint count)
        => Invoke(caller, fd, buffer, count, isOld: true);

    private static SyscallResult Invoke(UserThread caller, int fd, UserAddress buffer, uint count, bool isOld)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!use.File.Inode.IsDirectory) return Errno.ENOTDIR;
            if (!use.File.CanRead) return Errno.EBADF;
            if (!UserAddress.IsValidRange(buffer, count)) return Errno.EFAULT;

            byte[] room = new byte[Math.Min(count, BufferBytes)];
            int total = 0;
            while (true)
            {
                Span<byte> part = room.AsSpan(0, (int)Math.Min(count - (uint)total, (uint)room.Length));
                DirectorySink sink = new(part, isOld);
                error = use.File.ReadDirectory(ref sink);
                if (sink.LengthBytes == 0) return Finish(use.File, total, error, sink.IsFull);

                if (UserMemory.CopyOut(buffer + (ulong)total, part[..sink.LengthBytes]) < sink.LengthBytes)
                {
                    return Errno.EFAULT;
                }

                total += sink.LengthBytes;
            }
        }
    }

    private static SyscallResult Finish(OpenFile directory, int total, Errno error, bool isFull)
    {
        // One access, whatever the number of turns.
        if (error == Errno.None && FileWatches.AreThere) FileWatches.Report(directory, InotifyBits.IN_ACCESS);
        if (total > 0) return total;
        if (error != Errno.None) return error;
        return isFull ? Errno.EINVAL : 0;
    }
}
