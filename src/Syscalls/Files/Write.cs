using System.Runtime.CompilerServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;
using FileBlocking = Cashew.Files.Blocking;

namespace Cashew.Syscalls;

internal static class Write
{
    /// <summary>Of preadv2 and pwritev2.</summary>
    internal const int KnownFlags = RwBits.RWF_HIPRI | RwBits.RWF_SYNC | RwBits.RWF_DSYNC | RwBits.RWF_NOWAIT
        | RwBits.RWF_APPEND;

    /// <summary>Writes where the file's offset is, or at the end with O_APPEND.</summary>
    /// <errors>
    /// EBADF: not open for writing. EFAULT: the buffer. EPIPE: nobody reads; SIGPIPE as well. EFBIG: at the
    /// limit of RLIMIT_FSIZE; SIGXFSZ as well. EAGAIN, EINVAL, ENOSPC, EIO: see the file.
    /// </errors>
    /// <source>write(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, UserAddress buffer, ulong count)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!use.File.CanWrite) return Errno.EBADF;
            if (!UserAddress.IsValidRange(buffer, count)) return Errno.EFAULT;

            UserSource source = new(buffer, (int)ulong.Min(count, IoVector.MaximumBytes));
            return WriteAll(caller, use.File, ref source);
        }
    }

    /// <summary>Writes at an offset of the caller's, which moves nothing.</summary>
    /// <errors>ESPIPE: the file has no offsets. EINVAL: a negative one.</errors>
    /// <source>pwrite(2)</source>
    internal static SyscallResult InvokeAt(UserThread caller, int fd, UserAddress buffer, ulong count, long offset)
    {
        if (offset < 0) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!UserAddress.IsValidRange(buffer, count)) return use.File.CanWrite ? Errno.EFAULT : Errno.EBADF;

            UserSource source = new(buffer, (int)ulong.Min(count, IoVector.MaximumBytes));
            return FinishCounted(caller, use.File, use.File.WriteAt(ref source, offset, FileSizeLimit.Of(caller)));
        }
    }

    /// <summary>Writes several buffers as if they were one.</summary>
    /// <errors>EINVAL: too many buffers, or a negative length.</errors>
    /// <source>writev(2)</source>
    internal static SyscallResult InvokeVector(UserThread caller, int fd, UserAddress vector, ulong count)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!IoVector.TryCopy(vector, count, out UserSegment[] segments, out error)) return error;
            if (!use.File.CanWrite) return Errno.EBADF;

            UserSource source = new(segments);
            if (source.RemainingBytes == 0) return 0;
            return WriteAll(caller, use.File, ref source);
        }
    }

    /// <summary>Both: several buffers, and an offset of the caller's (-1: the file's, for
    /// pwritev2).</summary>
    /// <errors>EOPNOTSUPP: an unknown flag of pwritev2, or RWF_NOWAIT for a file that does not know
    /// it.</errors>
    /// <source>pwritev(2), pwritev2(2)</source>
    internal static SyscallResult InvokeVectorAt(
        UserThread caller, int fd, UserAddress vector, ulong count, long offset, int flags)
    {
        if (offset < -1) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (offset >= 0 && !use.File.IsPathOnly && !use.File.IsSeekable) return Errno.ESPIPE;
            if (!IoVector.TryCopy(vector, count, out UserSegment[] segments, out error)) return error;
            if (!use.File.CanWrite) return Errno.EBADF;
            UserSource source = new(segments);
            if (source.RemainingBytes == 0) return 0;

            // In memory everything is as synchronous as it gets.
            bool waits = (flags & RwBits.RWF_NOWAIT) == 0;
            if ((flags & ~KnownFlags) != 0 || (!waits && !use.File.KnowsNoWait)) return Errno.EOPNOTSUPP;
            long limit = FileSizeLimit.Of(caller);
            if ((flags & RwBits.RWF_APPEND) != 0 && use.File.IsSeekable)
            {
                return FinishCounted(caller, use.File, use.File.WriteAtEnd(ref source, offset < 0, limit));
            }

            if (!waits && offset < 0) return FinishCounted(caller, use.File, use.File.Write(ref source, limit));
            return offset < 0
                ? WriteAll(caller, use.File, ref source)
                : FinishCounted(caller, use.File, use.File.WriteAt(ref source, offset, limit));
        }
    }

    private static SyscallResult WriteAll(UserThread caller, OpenFile file, ref UserSource source)
    {
        IoResult result = FileBlocking.Write(file, ref source, FileSizeLimit.Of(caller), out Errno end);
        // The reader has gone in the middle: the count is told, and the signal comes all the same.
        if (end == Errno.EPIPE && !result.IsError && file.RaisesBrokenPipe) SignalTargets.RaiseHere(caller, Signals.SIGPIPE);
        return FinishCounted(caller, file, result);
    }

    /// <summary>Raises the signals that go with some errors: the file does not know who writes.</summary>
    internal static SyscallResult Finish(UserThread caller, IoResult result)
    {
        if (result.Error == Errno.EPIPE) SignalTargets.RaiseHere(caller, Signals.SIGPIPE);
        if (result.Error == Errno.EFBIG) FileSizeLimit.Raise(caller);
        return result;
    }

    /// <summary>The same for files of which not all have such a signal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static SyscallResult Finish(UserThread caller, OpenFile file, IoResult result)
        => result.IsError && (result.Error != Errno.EPIPE || file.RaisesBrokenPipe) ? Finish(caller, result) : result;

    /// <summary>The same, counted for /proc/PID/io.</summary>
    internal static SyscallResult FinishCounted(UserThread caller, OpenFile file, IoResult result) =>
        caller.Io.CountWrite(Finish(caller, file, result));
}
