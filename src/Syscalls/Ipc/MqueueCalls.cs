using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>POSIX message queues.</summary>
/// <source>mq_overview(7).</source>
internal static class MqueueCalls
{
    private const int CookieBytes = 32;

    internal static void AddTo(SyscallTable table)
    {
        table.Add(
            SyscallNumber.mq_open, "mq_open",
            static (caller, in a) => Open(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(SyscallNumber.mq_unlink, "mq_unlink", static (caller, in a) => Unlink(caller, a.A0));
        table.Add(
            SyscallNumber.mq_timedsend, "mq_timedsend",
            static (caller, in a) => Send(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.mq_timedreceive, "mq_timedreceive",
            static (caller, in a) => Receive(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.mq_notify, "mq_notify", static (caller, in a) => Notify(caller, a.A0, a.A1),
            "SIGEV_THREAD is refused: it needs a netlink socket");
        table.Add(
            SyscallNumber.mq_getsetattr, "mq_getsetattr",
            static (caller, in a) => GetSetAttributes(caller, a.A0, a.A1, a.A2));
    }

    /// <errors>EFAULT. EMFILE, ENFILE. And those of <see cref="MqueueFilesystem.TryOpen"/>.</errors>
    /// <source>mq_open(3)</source>
    private static SyscallResult Open(UserThread caller, UserAddress name, uint flags, uint mode, UserAddress attributes)
    {
        MqueueShape? shape = null;
        if (!attributes.IsNull)
        {
            if (!UserMemory.TryRead(attributes, out MqAttr wanted)) return Errno.EFAULT;
            shape = new MqueueShape(wanted.mq_maxmsg, wanted.mq_msgsize);
        }

        if (!UserPath.TryCopy(name, out UserPath path, out Errno error)) return error;
        using (path)
        {
            return MqueueType.Only.Queues.TryOpen(
                caller.FileCaller, path.Bytes, flags, mode, shape, out OpenFile? file, out error)
                ? NewFile.Install(caller, file, OpenBits.O_CLOEXEC)
                : error;
        }
    }

    /// <errors>EFAULT. And those of <see cref="MqueueFilesystem.Unlink"/>.</errors>
    /// <source>mq_unlink(3)</source>
    private static SyscallResult Unlink(UserThread caller, UserAddress name)
    {
        if (!UserPath.TryCopy(name, out UserPath path, out Errno error)) return error;
        using (path) return MqueueType.Only.Queues.Unlink(caller.FileCaller, path.Bytes);
    }

    /// <errors>EFAULT. EINVAL: a bad time, or no such priority. EBADF. And those of
    /// <see cref="MqueueFile.Send"/>.</errors>
    /// <source>mq_send(3), including the order of checks.</source>
    private static SyscallResult Send(
        UserThread caller, int fd, UserAddress text, ulong length, uint priority, UserAddress timeout)
    {
        if (!TryReadDeadline(timeout, out Nanoseconds deadline, out Errno error)) return error;
        if (priority >= MqueueLimits.Priorities) return Errno.EINVAL;
        if (!TryUse(caller, fd, out FileUse use, out error)) return error;
        using (use) return ((MqueueFile)use.File).Send(text, length, priority, deadline);
    }

    /// <errors>EFAULT. EINVAL: a bad time. EBADF. And those of <see cref="MqueueFile.Receive"/>.</errors>
    /// <source>mq_receive(3)</source>
    private static SyscallResult Receive(
        UserThread caller, int fd, UserAddress text, ulong length, UserAddress priority, UserAddress timeout)
    {
        if (!TryReadDeadline(timeout, out Nanoseconds deadline, out Errno error)) return error;
        if (!TryUse(caller, fd, out FileUse use, out error)) return error;
        using (use) return ((MqueueFile)use.File).Receive(text, length, priority, deadline);
    }

    /// <summary>Wants to be told, or does not want it any more.</summary>
    /// <errors>EFAULT. EINVAL: no such way to be told. EBADF. EBUSY: somebody is told already.</errors>
    /// <source>mq_notify(3)</source>
    private static SyscallResult Notify(UserThread caller, int fd, UserAddress eventAddress)
    {
        SigeventArgument wanted = default;
        if (!eventAddress.IsNull)
        {
            if (!UserMemory.TryRead(eventAddress, out wanted)) return Errno.EFAULT;
            Errno refusal = CheckNotice(caller, wanted);
            if (refusal != Errno.None) return refusal;
        }

        if (!TryUse(caller, fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            MqueueFile queue = (MqueueFile)use.File;
            if (!eventAddress.IsNull)
            {
                return queue.SetNotice(new ProcessMqueueNotice(
                    caller.Process, wanted.sigev_notify, wanted.sigev_signo, wanted.sigev_value));
            }

            queue.RemoveNotice();
            return 0;
        }
    }

    private static Errno CheckNotice(UserThread caller, in SigeventArgument wanted)
    {
        switch (wanted.sigev_notify)
        {
            case SigEvent.SIGEV_NONE:
                return Errno.None;
            case SigEvent.SIGEV_SIGNAL:
                bool isSignal = wanted.sigev_signo == 0 || SignalSet.IsValidSignal(wanted.sigev_signo);
                return isSignal ? Errno.None : Errno.EINVAL;
            case SigEvent.SIGEV_THREAD:
                return RefuseThread(caller, wanted);
            default:
                return Errno.EINVAL;
        }
    }

    // A cookie for a netlink socket, of which there are none: what Linux says of other descriptors.
    private static Errno RefuseThread(UserThread caller, in SigeventArgument wanted)
    {
        System.Span<byte> cookie = stackalloc byte[CookieBytes];
        if (UserMemory.CopyIn(cookie, new UserAddress(wanted.sigev_value)) < CookieBytes) return Errno.EFAULT;
        if (!caller.Descriptors.TryUse(wanted.sigev_signo, out FileUse use, out Errno error)) return error;
        using (use) return use.File.Inode.Type == InodeType.Socket ? Errno.EINVAL : Errno.ENOTSOCK;
    }

    /// <errors>EFAULT. EINVAL: a flag other than O_NONBLOCK. EBADF.</errors>
    /// <source>mq_getsetattr(2)</source>
    private static SyscallResult GetSetAttributes(
        UserThread caller, int fd, UserAddress newAddress, UserAddress oldAddress)
    {
        MqAttr wanted = default;
        if (!newAddress.IsNull)
        {
            if (!UserMemory.TryRead(newAddress, out wanted)) return Errno.EFAULT;
            if ((wanted.mq_flags & ~(long)OpenBits.O_NONBLOCK) != 0) return Errno.EINVAL;
        }

        if (!TryUse(caller, fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            MqueueFile queue = (MqueueFile)use.File;
            MqAttr told = new()
            {
                mq_flags = queue.StatusFlags & OpenBits.O_NONBLOCK,
                mq_maxmsg = queue.Shape.Messages,
                mq_msgsize = queue.Shape.MessageBytes,
                mq_curmsgs = queue.MessageCount,
            };
            if (!newAddress.IsNull) queue.SetNonBlocking(wanted.mq_flags != 0);
            return oldAddress.IsNull || UserMemory.TryWrite(oldAddress, told) ? 0 : Errno.EFAULT;
        }
    }

    /// <errors>EBADF: no descriptor, or not one of a queue.</errors>
    private static bool TryUse(UserThread caller, int fd, out FileUse use, out Errno error)
    {
        if (!caller.Descriptors.TryUse(fd, out use, out error)) return false;
        if (use.File is MqueueFile) return true;
        use.Dispose();
        error = Errno.EBADF;
        return false;
    }

    /// <summary>A point of the time of day; a null address: never.</summary>
    /// <errors>EFAULT. EINVAL: a bad time.</errors>
    private static bool TryReadDeadline(UserAddress timeout, out Nanoseconds deadline, out Errno error)
    {
        deadline = Nanoseconds.Max;
        error = Errno.None;
        if (timeout.IsNull) return true;
        error = Errno.EFAULT;
        if (!UserMemory.TryRead(timeout, out Timespec time)) return false;
        error = Errno.EINVAL;
        if (!ClockTicks.TryConvert(time, out deadline)) return false;
        deadline = UserClock.RealtimeToMonotonic(deadline);
        error = Errno.None;
        return true;
    }
}
