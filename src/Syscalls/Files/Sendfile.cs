using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Sendfile
{
    /// <summary>Copies from a file to another descriptor inside the kernel.</summary>
    /// <errors>
    /// EBADF: not open for reading, or writing. EINVAL: the source cannot be read at an offset, or the target
    /// is opened with O_APPEND. EFAULT: the offset. EAGAIN, EPIPE, ENOSPC: see the files.
    /// </errors>
    /// <source>sendfile(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int outFd, int inFd, UserAddress offsetAddress, ulong count)
    {
        long offset = 0;
        if (!offsetAddress.IsNull && !UserMemory.TryRead(offsetAddress, out offset)) return Errno.EFAULT;
        if (!caller.Descriptors.TryUse(inFd, out FileUse input, out Errno error)) return error;
        using (input)
        {
            if (!input.File.CanRead) return Errno.EBADF;
            if (!input.File.IsSeekable && !offsetAddress.IsNull) return Errno.ESPIPE;
            if (!offsetAddress.IsNull && offset < 0) return Errno.EINVAL;
            if (!caller.Descriptors.TryUse(outFd, out FileUse output, out error)) return error;
            using (output)
            {
                if (!output.File.CanWrite) return Errno.EBADF;
                if (output.File.IsAppending) return Errno.EINVAL;
                if (count == 0) return 0;
                if (!input.File.IsSeekable || input.File.Inode.IsDirectory) return Errno.EINVAL;

                bool movesOffset = offsetAddress.IsNull;
                long start = movesOffset ? input.File.Offset : offset;
                IoResult copied = Copy(caller, input.File, start, output.File, (long)ulong.Min(count, IoVector.MaximumBytes));
                if (copied.Value > 0)
                {
                    if (movesOffset) _ = input.File.Seek(start + copied.Count, SeekWhence.SEEK_SET);
                    else if (!UserMemory.TryWrite(offsetAddress, start + copied.Count)) return Errno.EFAULT;
                }

                bool isPart = copied.Value > 0 && copied.Count < (long)ulong.Min(count, IoVector.MaximumBytes);
                if (isPart && start + copied.Count < input.File.Inode.LengthBytes)
                    FileSizeLimit.RaiseIfReached(caller, output.File, output.File.Offset);
                _ = caller.Io.CountRead(copied);
                return Write.FinishCounted(caller, output.File, copied);
            }
        }
    }

    private static IoResult Copy(UserThread caller, OpenFile input, long start, OpenFile output, long count)
    {
        // A pipe takes what it has room for, as with splice(2): a short count, and no wait in the middle.
        if (Splicing.IsPipe(output)) return Splicing.FromFile(input, start, output, count, !output.IsNonBlocking);
        long limit = FileSizeLimit.Of(caller);
        bool isSame = ReferenceEquals(input.Inode, output.Inode);
        if (output is not RegularFile || isSame) return FileCopy.Copy(input, start, output, -1, count, limit);

        // From page to page, which wants to know the place. Parts of one file might overlap.
        long place = output.Offset;
        IoResult copied = FileCopy.Copy(input, start, output, place, count, limit);
        if (copied.Value > 0) _ = output.Seek(place + copied.Count, SeekWhence.SEEK_SET);
        return copied;
    }
}
