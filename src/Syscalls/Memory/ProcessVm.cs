using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

/// <summary>Moving bytes between the caller's memory and that of another process.</summary>
/// <source>process_vm_readv(2)</source>
internal static class ProcessVm
{
    private const int MaximumSegments = 1024;
    private const int IovecBytes = 16;

    /// <summary>Reads from the other process into the caller's segments. Ends at the first address, on either
    /// side, that is bad.</summary>
    /// <returns>Bytes moved.</returns>
    /// <errors>
    /// EINVAL: a flag, too many segments, or too long ones. EFAULT: a segment, or nothing could be moved.
    /// ESRCH. EPERM: the caller may not trace the process.
    /// </errors>
    internal static SyscallResult Read(
        UserThread caller, int pid, UserAddress local, ulong localCount, UserAddress remote, ulong remoteCount,
        ulong flags) =>
        Move(caller, pid, new Vectors(local, localCount, remote, remoteCount), flags, isWrite: false);

    /// <summary>Writes the caller's segments to the other process.</summary>
    /// <inheritdoc cref="Read"/>
    internal static SyscallResult Write(
        UserThread caller, int pid, UserAddress local, ulong localCount, UserAddress remote, ulong remoteCount,
        ulong flags) =>
        Move(caller, pid, new Vectors(local, localCount, remote, remoteCount), flags, isWrite: true);

    /// <summary>Advises another process's memory, as far as that is a hint.</summary>
    /// <returns>Bytes advised.</returns>
    /// <errors>EINVAL: a flag, too many segments, or advice that is an order. EBADF: no pidfd. EFAULT. ESRCH.
    /// EACCES: not to be looked into. EPERM: without CAP_SYS_NICE. Those of
    /// <see cref="AddressSpace.Advise"/>, when nothing was advised.</errors>
    /// <source>process_madvise(2)</source>
    internal static SyscallResult Advise(
        UserThread caller, int pidfd, UserAddress vector, ulong count, int advice, uint flags)
    {
        if (flags != 0) return Errno.EINVAL;
        if (!TryCopyRemote(vector, count, out Iovec[] segments, out Errno error)) return error;
        if (!ProcessFileArgument.TryRead(caller, pidfd, out Process? target, out _, out error)) return error;
        bool isHint = advice is MadviseAdvice.MADV_COLD or MadviseAdvice.MADV_PAGEOUT or MadviseAdvice.MADV_WILLNEED
            or MadviseAdvice.MADV_COLLAPSE;
        if (!isHint) return Errno.EINVAL;

        AddressSpace? memory = target.Memory;
        if (memory is null || !memory.TryRetain()) return Errno.ESRCH;
        if (InspectPermission.Check(caller, target) != Errno.None) error = Errno.EACCES;
        else if (!caller.Credentials.Has(Capability.CAP_SYS_NICE)) error = Errno.EPERM;
        long advised = 0;
        for (int i = 0; error == Errno.None && i < segments.Length; i++)
        {
            error = memory.Advise(new UserAddress(segments[i].iov_base), segments[i].iov_len, advice);
            if (error == Errno.None) advised += (long)segments[i].iov_len;
            if (IsToEnd(caller)) break;
        }

        memory.Release();
        return advised != 0 || error == Errno.None ? (nint)advised : error;
    }

    private static SyscallResult Move(UserThread caller, int pid, in Vectors vectors, ulong flags, bool isWrite)
    {
        if (flags != 0) return Errno.EINVAL;
        if (vectors.LocalCount > MaximumSegments) return Errno.EINVAL;
        if (!IoVector.TryCopy(vectors.Local, vectors.LocalCount, out UserSegment[] local, out Errno error))
            return error;

        int total = 0;
        foreach (UserSegment segment in local) total += segment.LengthBytes;
        if (total == 0) return 0;
        if (!TryCopyRemote(vectors.Remote, vectors.RemoteCount, out Iovec[] remote, out error)) return error;
        if (IsEmpty(remote)) return 0;
        if (!TryFindMemory(caller, pid, out AddressSpace? memory, out error)) return error;

        long moved = isWrite
            ? WriteTo(caller, memory!, remote, new UserSource(local))
            : ReadFrom(caller, memory!, remote, new UserDestination(local));
        memory!.Release();
        return moved == 0 ? Errno.EFAULT : (nint)moved;
    }

    private static bool TryFindMemory(UserThread caller, int pid, out AddressSpace? memory, out Errno error)
    {
        memory = null;
        error = Errno.ESRCH;
        if (ProcessTree.FindThread(pid) is not { } target) return false;
        AddressSpace? found = target.Process.Memory;
        if (found is null || !found.TryRetain()) return false;
        error = InspectPermission.Check(caller, target.Process);
        if (error == Errno.None) memory = found;
        else found.Release();
        return memory is not null;
    }

    /// <summary>The addresses are the other process's, so nothing can be said about them yet.</summary>
    private static bool TryCopyRemote(UserAddress vector, ulong count, out Iovec[] segments, out Errno error)
    {
        segments = [];
        error = Errno.EINVAL;
        if (count > MaximumSegments) return false;

        Iovec[] copied = count == 0 ? [] : new Iovec[(int)count];
        for (int i = 0; i < copied.Length; i++)
        {
            error = Errno.EFAULT;
            if (!UserMemory.TryRead(vector + (ulong)(i * IovecBytes), out copied[i])) return false;
            error = Errno.EINVAL;
            if ((long)copied[i].iov_len < 0) return false;
        }

        segments = copied;
        error = Errno.None;
        return true;
    }

    private static bool IsEmpty(Iovec[] segments)
    {
        foreach (Iovec segment in segments)
        {
            if (segment.iov_len != 0) return false;
        }

        return true;
    }

    private static long ReadFrom(UserThread caller, AddressSpace memory, Iovec[] remote, UserDestination local)
    {
        long moved = 0;
        Span<byte> room = caller.PathBytes;
        foreach (Iovec segment in remote)
        {
            for (ulong done = 0; done < segment.iov_len;)
            {
                if (local.RemainingBytes == 0) return moved;
                int chunk = ChunkAt(segment, done, int.Min(room.Length, local.RemainingBytes));
                int read = memory.CopyIn(room[..chunk], new UserAddress(segment.iov_base + done));
                int written = local.Write(room[..read]);
                moved += written;
                done += (ulong)written;
                if (written < chunk || IsToEnd(caller)) return moved;
            }
        }

        return moved;
    }

    private static long WriteTo(UserThread caller, AddressSpace memory, Iovec[] remote, UserSource local)
    {
        long moved = 0;
        Span<byte> room = caller.PathBytes;
        foreach (Iovec segment in remote)
        {
            for (ulong done = 0; done < segment.iov_len;)
            {
                if (local.RemainingBytes == 0) return moved;
                int chunk = ChunkAt(segment, done, int.Min(room.Length, local.RemainingBytes));
                int read = local.Read(room[..chunk]);
                int written = memory.CopyOut(new UserAddress(segment.iov_base + done), room[..read]);
                moved += written;
                done += (ulong)written;
                if (written < chunk || IsToEnd(caller)) return moved;
            }
        }

        return moved;
    }

    /// <summary>Up to a boundary of pages, so that what is moved before a bad page is moved.</summary>
    private static int ChunkAt(in Iovec segment, ulong done, int most)
    {
        ulong left = segment.iov_len - done;
        int toBoundary = most - (int)((segment.iov_base + done) % UserAddress.PageSizeBytes);
        int chunk = toBoundary > 0 ? toBoundary : most;
        return left < (ulong)chunk ? (int)left : chunk;
    }

    private static bool IsToEnd(UserThread caller)
    {
        Scheduler.RescheduleIfWanted();
        return caller.IsKillRequested;
    }

    private readonly struct Vectors(UserAddress local, ulong localCount, UserAddress remote, ulong remoteCount)
    {
        internal readonly UserAddress Local = local;
        internal readonly ulong LocalCount = localCount;
        internal readonly UserAddress Remote = remote;
        internal readonly ulong RemoteCount = remoteCount;
    }
}
