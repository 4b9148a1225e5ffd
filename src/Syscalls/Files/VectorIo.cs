using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Reading into and writing from several buffers at once.</summary>
/// <source>readv(2).</source>
internal static class VectorIo
{
    /// <summary>preadv2(2): the file's own offset instead of an argument.</summary>
    private const long CurrentOffset = -1;

    // Hints: nothing here would be faster or safer for them. Tmpfs is as durable as it gets.
    private const uint KnownFlags = RwBits.RWF_HIPRI | RwBits.RWF_DSYNC | RwBits.RWF_SYNC;

    /// <errors>EBADF. EINVAL: too many buffers, or a length out of range. EFAULT. And the file's.</errors>
    internal static SyscallResult Read(UserThread caller, int fd, UserAddress vector, long count)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            Span<UserSegment> small = stackalloc UserSegment[UserVector.SmallCount];
            if (!UserVector.TryRead(vector, count, small, out ReadOnlySpan<UserSegment> segments, out error)) return error;
            UserDestination destination = new(segments);
            return Blocking.Read(use.File, ref destination);
        }
    }

    /// <inheritdoc cref="Read"/>
    internal static SyscallResult Write(UserThread caller, int fd, UserAddress vector, long count)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            Span<UserSegment> small = stackalloc UserSegment[UserVector.SmallCount];
            if (!UserVector.TryRead(vector, count, small, out ReadOnlySpan<UserSegment> segments, out error)) return error;
            UserSource source = new(segments);
            return Transfers.Finish(caller, Blocking.Write(use.File, ref source, Transfers.SizeLimit(caller)));
        }
    }

    /// <errors>As <see cref="Read"/>, and ESPIPE: no offsets.</errors>
    internal static SyscallResult ReadAt(UserThread caller, int fd, UserAddress vector, long count, long offset)
    {
        if (offset < 0) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            Span<UserSegment> small = stackalloc UserSegment[UserVector.SmallCount];
            if (!UserVector.TryRead(vector, count, small, out ReadOnlySpan<UserSegment> segments, out error)) return error;
            UserDestination destination = new(segments);
            return use.File.ReadAt(ref destination, offset);
        }
    }

    /// <inheritdoc cref="ReadAt"/>
    internal static SyscallResult WriteAt(UserThread caller, int fd, UserAddress vector, long count, long offset)
    {
        if (offset < 0) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            Span<UserSegment> small = stackalloc UserSegment[UserVector.SmallCount];
            if (!UserVector.TryRead(vector, count, small, out ReadOnlySpan<UserSegment> segments, out error)) return error;
            UserSource source = new(segments);
            return Transfers.Finish(caller, use.File.WriteAt(ref source, offset, Transfers.SizeLimit(caller)));
        }
    }

    /// <errors>EOPNOTSUPP: RWF_NOWAIT, RWF_APPEND and what is newer. The rest as without flags.</errors>
    /// <source>preadv2(2).</source>
    internal static SyscallResult ReadWithFlags(
        UserThread caller, int fd, UserAddress vector, long count, long offset, uint flags)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EOPNOTSUPP;
        return offset == CurrentOffset
            ? Read(caller, fd, vector, count)
            : ReadAt(caller, fd, vector, count, offset);
    }

    /// <inheritdoc cref="ReadWithFlags"/>
    internal static SyscallResult WriteWithFlags(
        UserThread caller, int fd, UserAddress vector, long count, long offset, uint flags)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EOPNOTSUPP;
        return offset == CurrentOffset
            ? Write(caller, fd, vector, count)
            : WriteAt(caller, fd, vector, count, offset);
    }
}
