using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Sendfile
{
    /// <summary>Copies from a file to another descriptor inside the kernel.</summary>
    /// <errors>
    /// EBADF: not open for reading, or writing. EINVAL: the source cannot be read at an offset, or the target is
    /// opened with O_APPEND. EFAULT: the offset. EAGAIN, EPIPE, ENOSPC: see the files.
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
            if (!input.File.IsSeekable) return offsetAddress.IsNull ? Errno.EINVAL : Errno.ESPIPE;
            if (!offsetAddress.IsNull && offset < 0) return Errno.EINVAL;
            if (!caller.Descriptors.TryUse(outFd, out FileUse output, out error)) return error;
            using (output)
            {
                if (!output.File.CanWrite) return Errno.EBADF;
                if (output.File.IsAppending) return Errno.EINVAL;

                bool movesOffset = offsetAddress.IsNull;
                long start = movesOffset ? input.File.Offset : offset;
                IoResult copied = FileCopy.Copy(
                    input.File, start, output.File, -1, (long)ulong.Min(count, IoVector.MaximumBytes),
                    FileSizeLimit.Of(caller));
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
}
