using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Net;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Sending messages.</summary>
internal static class SendCalls
{
    private const int MostAtOnce = 1024;

    /// <errors>EBADF, ENOTSOCK, EFAULT. EINVAL: the address. EPIPE: nobody receives; of a stream SIGPIPE as
    /// well, unless
    /// MSG_NOSIGNAL is set. And those of the socket.</errors>
    /// <source>send(2), sendto(2)</source>
    internal static SyscallResult SendTo(
        UserThread caller, int fd, UserAddress buffer, ulong count, uint flags, UserAddress address, int length)
    {
        if (!UserAddress.IsValidRange(buffer, count)) return Errno.EFAULT;
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use)
        {
            scoped OutgoingMessage message = default;
            message.Data = new UserSource(buffer, (int)ulong.Min(count, IoVector.MaximumBytes));
            message.Flags = flags;
            if (address.IsNull) return Finish(caller, use.Socket, flags, use.Socket.Send(ref message));

            Span<byte> room = stackalloc byte[SocketAddress.MostBytes];
            error = SocketAddress.Read(address, length, room, out Span<byte> read);
            if (error != Errno.None) return error;
            message.Address = read;
            return Finish(caller, use.Socket, flags, use.Socket.Send(ref message));
        }
    }

    /// <errors>As <see cref="SendTo"/>, and those of <see cref="ControlReader"/>.</errors>
    /// <source>sendmsg(2)</source>
    internal static SyscallResult SendMessage(UserThread caller, int fd, UserAddress at, uint flags)
    {
        if ((flags & SocketMessageBits.MSG_CMSG_COMPAT) != 0) return Errno.EINVAL;
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use) return Send(caller, use.Socket, at, flags);
    }

    /// <summary>Sends one after the other, until one fails.</summary>
    /// <source>sendmmsg(2)</source>
    internal static SyscallResult SendMessages(UserThread caller, int fd, UserAddress at, uint count, uint flags)
    {
        if ((flags & SocketMessageBits.MSG_CMSG_COMPAT) != 0) return Errno.EINVAL;
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use)
        {
            int sent = 0;
            for (int most = (int)uint.Min(count, MostAtOnce); sent < most; sent++, at += MessageHeader.MultipleBytes)
            {
                SyscallResult result = Send(caller, use.Socket, at, flags);
                bool isSent = result.Value >= 0 && UserMemory.TryWrite(at + MessageHeader.Bytes, (int)result.Value);
                if (isSent) continue;
                if (sent > 0) return sent;
                return result.Value < 0 ? result : Errno.EFAULT;
            }

            return sent;
        }
    }

    private static SyscallResult Send(UserThread caller, Socket socket, UserAddress at, uint flags)
    {
        Errno error = MessageHeader.Read(at, out MsgHdr header, out UserSegment[] segments);
        if (error != Errno.None) return error;

        scoped OutgoingMessage message = default;
        message.Data = new UserSource(segments);
        message.Flags = flags;
        Span<byte> room = stackalloc byte[SocketAddress.MostBytes];
        if (header.msg_namelen > 0)
        {
            error = SocketAddress.Read(new UserAddress(header.msg_name), (int)header.msg_namelen, room, out Span<byte> read);
            if (error != Errno.None) return error;
            message.Address = read;
        }

        error = ControlReader.Read(caller, header, ref message);
        if (error != Errno.None) return error;

        IoResult result = socket.Send(ref message);
        message.Files?.Release();
        return Finish(caller, socket, flags, result);
    }

    private static SyscallResult Finish(UserThread caller, Socket socket, uint flags, IoResult result)
    {
        bool isQuiet = (flags & SocketMessageBits.MSG_NOSIGNAL) != 0;
        return isQuiet ? result : Write.Finish(caller, socket, result);
    }
}
