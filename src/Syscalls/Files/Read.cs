using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;
using FileBlocking = Cashew.Files.Blocking;

namespace Cashew.Syscalls;

internal static class Read
{
    /// <summary>Reads from where the file's offset is.</summary>
    /// <errors>EBADF: not open for reading. EFAULT: the buffer. EISDIR, EINVAL, EAGAIN, EIO: see the
    /// file.</errors>
    /// <source>read(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, UserAddress buffer, ulong count)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!use.File.CanRead) return Errno.EBADF;
            if (!UserAddress.IsValidRange(buffer, count)) return Errno.EFAULT;

            UserDestination destination = new(buffer, (int)ulong.Min(count, IoVector.MaximumBytes));
            return caller.Io.CountRead(FileBlocking.Read(use.File, ref destination));
        }
    }

    /// <summary>Reads at an offset of the caller's, which moves nothing.</summary>
    /// <errors>ESPIPE: the file has no offsets. EINVAL: a negative one.</errors>
    /// <source>pread(2)</source>
    internal static SyscallResult InvokeAt(UserThread caller, int fd, UserAddress buffer, ulong count, long offset)
    {
        if (offset < 0) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!UserAddress.IsValidRange(buffer, count)) return use.File.CanRead ? Errno.EFAULT : Errno.EBADF;

            UserDestination destination = new(buffer, (int)ulong.Min(count, IoVector.MaximumBytes));
            return caller.Io.CountRead(use.File.ReadAt(ref destination, offset));
        }
    }

    /// <summary>Reads into several buffers as if they were one.</summary>
    /// <errors>EINVAL: too many buffers, or a negative length.</errors>
    /// <source>readv(2)</source>
    internal static SyscallResult InvokeVector(UserThread caller, int fd, UserAddress vector, ulong count)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!IoVector.TryCopy(vector, count, out UserSegment[] segments, out error)) return error;
            if (!use.File.CanRead) return Errno.EBADF;

            // Nothing is asked for: the file does not hear of it, though of a read(2) of nothing it does.
            UserDestination destination = new(segments);
            if (destination.RemainingBytes == 0) return 0;
            return caller.Io.CountRead(FileBlocking.Read(use.File, ref destination));
        }
    }

    /// <summary>Both: several buffers, and an offset of the caller's (-1: the file's, for preadv2).</summary>
    /// <errors>EOPNOTSUPP: an unknown flag of preadv2, or RWF_NOWAIT for a file that does not know
    /// it.</errors>
    /// <source>preadv(2), preadv2(2)</source>
    internal static SyscallResult InvokeVectorAt(
        UserThread caller, int fd, UserAddress vector, ulong count, long offset, int flags)
    {
        if (offset < -1) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (offset >= 0 && !use.File.IsPathOnly && !use.File.IsSeekable) return Errno.ESPIPE;
            if (!IoVector.TryCopy(vector, count, out UserSegment[] segments, out error)) return error;
            if (!use.File.CanRead) return Errno.EBADF;
            UserDestination destination = new(segments);
            if (destination.RemainingBytes == 0) return 0;

            // High priority is a hint, and what is for writers means nothing.
            bool waits = (flags & RwBits.RWF_NOWAIT) == 0;
            if ((flags & ~Write.KnownFlags) != 0 || (!waits && !use.File.KnowsNoWait)) return Errno.EOPNOTSUPP;
            if (offset >= 0) return caller.Io.CountRead(use.File.ReadAt(ref destination, offset));
            return caller.Io.CountRead(
                waits ? FileBlocking.Read(use.File, ref destination) : use.File.Read(ref destination));
        }
    }
}
