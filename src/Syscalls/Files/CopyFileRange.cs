using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class CopyFileRange
{
    /// <summary>Copies a range of one regular file into another, or elsewhere into the same.</summary>
    /// <errors>
    /// EBADF: not open for it, or O_APPEND. EINVAL: a flag, no regular file, overlapping ranges. EISDIR.
    /// EFAULT. EFBIG.
    /// EXDEV: two file systems. EOVERFLOW: a place beyond the numbers.
    /// </errors>
    /// <source>copy_file_range(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int inFd, UserAddress inAddress, int outFd, UserAddress outAddress, ulong count, uint flags)
    {
        if (!caller.Descriptors.TryUse(inFd, out FileUse input, out Errno error)) return error;
        using (input)
        {
            if (!caller.Descriptors.TryUse(outFd, out FileUse output, out error)) return error;
            using (output)
            {
                if (input.File.IsPathOnly || output.File.IsPathOnly) return Errno.EBADF;
                long from = input.File.Offset;
                long to = output.File.Offset;
                if (!inAddress.IsNull && !UserMemory.TryRead(inAddress, out from)) return Errno.EFAULT;
                if (!outAddress.IsNull && !UserMemory.TryRead(outAddress, out to)) return Errno.EFAULT;

                if (flags != 0) return Errno.EINVAL;
                error = Check(input.File, from, output.File, to, count, out long length);
                if (error != Errno.None) return error;
                if (length == 0) return 0;

                IoResult copied = FileCopy.Copy(
                    input.File, from, output.File, to, length, FileSizeLimit.Of(caller));
                if (copied.Value > 0 && !TryMove(input.File, inAddress, from + copied.Count)) return Errno.EFAULT;
                if (copied.Value > 0 && !TryMove(output.File, outAddress, to + copied.Count)) return Errno.EFAULT;
                _ = caller.Io.CountRead(copied);
                return Write.FinishCounted(caller, output.File, copied);
            }
        }
    }

    /// <param name="length">How much there is to copy.</param>
    private static Errno Check(OpenFile input, long from, OpenFile output, long to, ulong count, out long length)
    {
        length = 0;
        if (input.Inode.IsDirectory || output.Inode.IsDirectory) return Errno.EISDIR;
        if (!input.Inode.IsRegular || !output.Inode.IsRegular) return Errno.EINVAL;
        if (!input.CanRead || !output.CanWrite || output.IsAppending) return Errno.EBADF;
        if (!ReferenceEquals(input.Inode.Filesystem, output.Inode.Filesystem)) return Errno.EXDEV;

        // The numbers wrap around only where a place is negative.
        if ((ulong)from > ulong.MaxValue - count || (ulong)to > ulong.MaxValue - count) return Errno.EOVERFLOW;
        long left = long.Max(input.Inode.LengthBytes - from, 0);
        length = (long)ulong.Min(ulong.Min(count, (ulong)left), IoVector.MaximumBytes);
        if (from < 0 || to < 0) return Errno.EINVAL;
        if (length > 0 && to > long.MaxValue - length) return Errno.EFBIG;
        bool overlaps = input.Inode == output.Inode && from < to + length && to < from + length;
        return overlaps ? Errno.EINVAL : Errno.None;
    }

    private static bool TryMove(OpenFile file, UserAddress address, long offset)
    {
        if (!address.IsNull) return UserMemory.TryWrite(address, offset);
        _ = file.Seek(offset, SeekWhence.SEEK_SET);
        return true;
    }
}
