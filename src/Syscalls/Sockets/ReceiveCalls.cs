using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Net;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Receiving messages.</summary>
internal static class ReceiveCalls
{
    private const int MostAtOnce = 1024;

    /// <errors>EBADF, ENOTSOCK, EFAULT, and those of the socket.</errors>
    /// <source>recv(2), recvfrom(2)</source>
    internal static SyscallResult ReceiveFrom(
        UserThread caller, int fd, UserAddress buffer, ulong count, uint flags, UserAddress address,
        UserAddress length)
    {
        if (!UserAddress.IsValidRange(buffer, count)) return Errno.EFAULT;
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use)
        {
            scoped IncomingMessage message = default;
            message.Data = new UserDestination(buffer, (int)ulong.Min(count, IoVector.MaximumBytes));
            message.Flags = flags;
            if (address.IsNull) return Receive(use.Socket, ref message);

            Span<byte> room = stackalloc byte[SocketAddress.MostBytes];
            message.Address = room;
            IoResult result = Receive(use.Socket, ref message);
            if (result.IsError) return result;
            error = SocketAddress.Write(room[..message.AddressBytes], address, length);
            return error == Errno.None ? result : error;
        }
    }

    // There is no place for files: they are lost.
    private static IoResult Receive(Socket socket, ref IncomingMessage message)
    {
        IoResult result = socket.Receive(ref message);
        if (message.Files is not null) FilePackage.Release(message.Files);
        return result;
    }

    /// <errors>EBADF, ENOTSOCK, EFAULT, EINVAL, EMSGSIZE, and those of the socket.</errors>
    /// <source>recvmsg(2)</source>
    internal static SyscallResult ReceiveMessage(UserThread caller, int fd, UserAddress at, uint flags)
    {
        if ((flags & SocketMessageBits.MSG_CMSG_COMPAT) != 0) return Errno.EINVAL;
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use) return Receive(caller, use.Socket, at, flags);
    }

    /// <summary>Receives several; the time-out counts between messages only, as the page says under
    /// "BUGS".</summary>
    /// <errors>EINVAL: the time. The rest as <see cref="ReceiveMessage"/>, of the first message; that of a
    /// later one is for
    /// the next call.</errors>
    /// <source>recvmmsg(2)</source>
    internal static SyscallResult ReceiveMessages(
        UserThread caller, int fd, UserAddress at, uint count, uint flags, UserAddress timeout)
    {
        if ((flags & SocketMessageBits.MSG_CMSG_COMPAT) != 0) return Errno.EINVAL;
        if (!WaitTime.TryReadTimespec(timeout, out WaitTime time, out Errno error)) return error;
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out error)) return error;
        using (use)
        {
            error = use.Socket.TakeError();
            if (error != Errno.None) return error;
            int received = 0;
            SyscallResult result = 0;
            for (int most = (int)uint.Min(count, MostAtOnce); received < most; at += MessageHeader.MultipleBytes)
            {
                result = Receive(caller, use.Socket, at, flags & ~SocketMessageBits.MSG_WAITFORONE);
                if (result.Value < 0) break;
                if (!UserMemory.TryWrite(at + MessageHeader.Bytes, (int)result.Value))
                {
                    result = Errno.EFAULT;
                    break;
                }

                received++;
                if ((flags & SocketMessageBits.MSG_WAITFORONE) != 0) flags |= SocketMessageBits.MSG_DONTWAIT;
                if (time.Deadline <= Clock.Monotonic) break;
            }

            time.WriteBackTimespec(timeout);
            if (received == 0) return result;
            if (result.Value < 0 && result.Error != Errno.EAGAIN) use.Socket.KeepError(result.Error);
            return received;
        }
    }

    private static SyscallResult Receive(UserThread caller, Socket socket, UserAddress at, uint flags)
    {
        Errno error = MessageHeader.Read(at, out MsgHdr header, out UserSegment[] segments);
        if (error != Errno.None) return error;

        scoped IncomingMessage message = default;
        message.Data = new UserDestination(segments);
        message.Flags = flags;
        Span<byte> room = stackalloc byte[SocketAddress.MostBytes];
        UserAddress name = new(header.msg_name);
        if (!name.IsNull) message.Address = room;
        IoResult result = socket.Receive(ref message);

        // Nothing came, and nothing is written: but files may have been lost on a bad address.
        if (result.IsError)
        {
            if (message.Files is not null) FilePackage.Release(message.Files);
            return result;
        }

        scoped ControlWriter control = new(caller, new UserAddress(header.msg_control), header.msg_controllen);
        PutControl(ref control, socket, in message);
        if (!name.IsNull)
        {
            error = SocketAddress.Write(room[..message.AddressBytes], name, at + MessageHeader.NameLengthOffset);
            if (error != Errno.None) return error;
        }

        uint shown = message.ResultFlags | control.Flags | (flags & SocketMessageBits.MSG_CMSG_CLOEXEC);
        ulong used = header.msg_control == 0 ? 0 : header.msg_controllen - control.RoomBytes;
        bool isStored = UserMemory.TryWrite(at + MessageHeader.FlagsOffset, shown)
            && UserMemory.TryWrite(at + MessageHeader.ControlLengthOffset, used);
        return isStored ? result : Errno.EFAULT;
    }

    private static void PutControl(ref ControlWriter control, Socket socket, in IncomingMessage message)
    {
        if (message.SentAt is Nanoseconds time) PutTime(ref control, socket, time);
        if (message.Credentials is Ucred credentials)
            control.Put(SocketOption.SCM_CREDENTIALS, MemoryMarshal.AsBytes(new ReadOnlySpan<Ucred>(in credentials)));
        if (message.Files is not null)
        {
            bool closes = message.Has(SocketMessageBits.MSG_CMSG_CLOEXEC);
            control.PutFiles(message.Files, closes ? FdFlags.CloseOnExec : FdFlags.None);
        }
    }

    private static void PutTime(ref ControlWriter control, Socket socket, Nanoseconds time)
    {
        long seconds = time.Value / Nanoseconds.PerSecond;
        long rest = time.Value % Nanoseconds.PerSecond;
        bool isFine = socket.Settings.IsOn(SocketOption.SO_TIMESTAMPNS);
        ReadOnlySpan<long> value = [seconds, isFine ? rest : rest / Nanoseconds.PerMicrosecond];
        control.Put(
            isFine ? SocketOption.SCM_TIMESTAMPNS : SocketOption.SCM_TIMESTAMP, MemoryMarshal.AsBytes(value));
    }
}
