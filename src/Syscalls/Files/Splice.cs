using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;
using Cashew.Tasks;
using FileBlocking = Cashew.Files.Blocking;

namespace Cashew.Syscalls;

internal static class Splice
{
    private const uint KnownFlags = SpliceBits.SPLICE_F_MOVE | SpliceBits.SPLICE_F_NONBLOCK
        | SpliceBits.SPLICE_F_MORE | SpliceBits.SPLICE_F_GIFT;

    /// <summary>Moves bytes between two files, one of which is a pipe.</summary>
    /// <errors>
    /// EBADF: not open for it. EINVAL: a flag; no pipe, or the same one twice; the output is opened with
    /// O_APPEND; a negative offset. ESPIPE: an offset for what has none. EAGAIN, EPIPE.
    /// </errors>
    /// <source>splice(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int inFd, UserAddress inAddress, int outFd, UserAddress outAddress, ulong count, uint flags)
    {
        if (count == 0) return 0;
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(inFd, out FileUse input, out Errno error)) return error;
        using (input)
        {
            if (!caller.Descriptors.TryUse(outFd, out FileUse output, out error)) return error;
            using (output)
            {
                if (input.File.IsPathOnly || output.File.IsPathOnly) return Errno.EBADF;
                bool fromPipe = Splicing.IsPipe(input.File);
                bool toPipe = Splicing.IsPipe(output.File);
                if (fromPipe && !inAddress.IsNull) return Errno.ESPIPE;
                if (toPipe && !outAddress.IsNull) return Errno.ESPIPE;
                if (!input.File.CanRead || !output.File.CanWrite) return Errno.EBADF;

                long most = (long)ulong.Min(count, IoVector.MaximumBytes);
                bool waits = (flags & SpliceBits.SPLICE_F_NONBLOCK) == 0;
                IoResult result = (fromPipe, toPipe) switch
                {
                    (true, true) => Between(input.File, output.File, most, waits),
                    (true, false) => ToFile(caller, input.File, output.File, outAddress, most, waits),
                    (false, true) => FromFile(input.File, inAddress, output.File, most, waits),
                    _ => Errno.EINVAL,
                };
                return Write.Finish(caller, output.File, result);
            }
        }
    }

    /// <summary>Copies from one pipe to another; what is copied stays in the first.</summary>
    /// <errors>EBADF. EINVAL: a flag, no pipe, or the same one twice. EAGAIN, EPIPE.</errors>
    /// <source>tee(2)</source>
    internal static SyscallResult InvokeTee(UserThread caller, int inFd, int outFd, ulong count, uint flags)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (count == 0) return 0;
        if (!caller.Descriptors.TryUse(inFd, out FileUse input, out Errno error)) return error;
        using (input)
        {
            if (!caller.Descriptors.TryUse(outFd, out FileUse output, out error)) return error;
            using (output)
            {
                if (!input.File.CanRead || !output.File.CanWrite) return Errno.EBADF;
                if (!AreTwoPipes(input.File, output.File)) return Errno.EINVAL;

                bool waits = (flags & SpliceBits.SPLICE_F_NONBLOCK) == 0 && !input.File.IsNonBlocking
                    && !output.File.IsNonBlocking;
                long most = (long)ulong.Min(count, IoVector.MaximumBytes);
                return Write.Finish(caller, Splicing.Tee(input.File, output.File, most, waits));
            }
        }
    }

    /// <summary>Puts bytes of the caller's memory into a pipe, as much as there is room for, or takes them
    /// out.</summary>
    /// <remarks>They are copied: a program that has given its pages away (SPLICE_F_GIFT) cannot
    /// tell.</remarks>
    /// <errors>EBADF: no pipe. EINVAL: a flag, too many pieces. EFAULT. EAGAIN, EPIPE.</errors>
    /// <source>vmsplice(2)</source>
    internal static SyscallResult InvokeMemory(
        UserThread caller, int fd, UserAddress vector, ulong count, uint flags)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            OpenFile pipe = use.File;
            if (!pipe.CanRead && !pipe.CanWrite) return Errno.EBADF;
            if (!IoVector.TryCopy(vector, count, out UserSegment[] segments, out error)) return error;
            if (new UserSource(segments).RemainingBytes == 0) return 0;
            if (!Splicing.IsPipe(pipe)) return Errno.EBADF;

            bool waits = (flags & SpliceBits.SPLICE_F_NONBLOCK) == 0;
            return pipe.CanWrite
                ? Write.Finish(caller, FromMemory(pipe, segments, waits))
                : ToMemory(pipe, segments, waits);
        }
    }

    private static IoResult Between(OpenFile input, OpenFile output, long count, bool waits)
    {
        if (Splicing.IsSamePipe(input, output)) return Errno.EINVAL;
        return Splicing.Move(input, output, count, waits && !input.IsNonBlocking && !output.IsNonBlocking);
    }

    private static IoResult ToFile(
        UserThread caller, OpenFile input, OpenFile output, UserAddress address, long count, bool waits)
    {
        long offset = -1;
        if (!address.IsNull)
        {
            if (!output.IsSeekable) return Errno.EINVAL;
            if (!UserMemory.TryRead(address, out offset)) return Errno.EFAULT;
            if (offset < 0) return Errno.EINVAL;
        }

        if (output.IsAppending) return Errno.EINVAL;
        IoResult moved = Splicing.ToFile(
            input, output, offset, count, waits && !input.IsNonBlocking, FileSizeLimit.Of(caller));
        if (moved.Value > 0 && moved.Count < count && (input.Poll(null) & PollBits.POLLIN) != 0)
            FileSizeLimit.RaiseIfReached(caller, output, address.IsNull ? output.Offset : offset + moved.Count);
        if (moved.Value <= 0 || address.IsNull) return moved;
        return UserMemory.TryWrite(address, offset + moved.Count) ? moved : Errno.EFAULT;
    }

    private static IoResult FromFile(OpenFile input, UserAddress address, OpenFile output, long count, bool waits)
    {
        if (input.Inode.IsDirectory) return Errno.EINVAL;
        long offset = input.Offset;
        if (!address.IsNull)
        {
            if (!input.IsSeekable) return Errno.EINVAL;
            if (!UserMemory.TryRead(address, out offset)) return Errno.EFAULT;
            if (offset < 0) return Errno.EINVAL;
        }

        IoResult moved = Splicing.FromFile(input, offset, output, count, waits && !output.IsNonBlocking);
        if (moved.Value <= 0 || !input.IsSeekable) return moved;
        if (address.IsNull) _ = input.Seek(offset + moved.Count, SeekWhence.SEEK_SET);
        else if (!UserMemory.TryWrite(address, offset + moved.Count)) return Errno.EFAULT;
        return moved;
    }

    private static IoResult FromMemory(OpenFile pipe, UserSegment[] segments, bool waits)
    {
        UserSource source = new(segments);
        while (true)
        {
            IoResult result = pipe.Write(ref source);
            if (result.Error != Errno.EAGAIN || !waits) return result;
            if (!TryWait(pipe, PollBits.POLLOUT | PollBits.POLLERR)) return Errno.ERESTARTSYS;
        }
    }

    private static IoResult ToMemory(OpenFile pipe, UserSegment[] segments, bool waits)
    {
        UserDestination destination = new(segments);
        while (true)
        {
            IoResult result = pipe.Read(ref destination);
            if (result.Error != Errno.EAGAIN || !waits) return result;
            if (!TryWait(pipe, PollBits.POLLIN | PollBits.POLLHUP)) return Errno.ERESTARTSYS;
        }
    }

    private static bool TryWait(OpenFile pipe, uint events)
        => FileBlocking.WaitFor(pipe, events, Nanoseconds.Max) != WakeReason.Interrupted;

    private static bool AreTwoPipes(OpenFile one, OpenFile other)
        => Splicing.IsPipe(one) && Splicing.IsPipe(other) && !Splicing.IsSamePipe(one, other);
}
