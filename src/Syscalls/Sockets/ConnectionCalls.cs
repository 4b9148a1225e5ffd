using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Net;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Names and connections of sockets.</summary>
internal static class ConnectionCalls
{
    /// <errors>EBADF, ENOTSOCK, EFAULT, and those of <see cref="Socket.Bind"/>.</errors>
    /// <source>bind(2)</source>
    internal static SyscallResult Bind(UserThread caller, int fd, UserAddress address, int length)
    {
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use)
        {
            Span<byte> room = stackalloc byte[SocketAddress.MostBytes];
            error = SocketAddress.Read(address, length, room, out Span<byte> read);
            return error == Errno.None ? use.Socket.Bind(read) : error;
        }
    }

    /// <errors>As <see cref="Bind"/>, and those of <see cref="Socket.Connect"/>.</errors>
    /// <source>connect(2)</source>
    internal static SyscallResult Connect(UserThread caller, int fd, UserAddress address, int length)
    {
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use)
        {
            Span<byte> room = stackalloc byte[SocketAddress.MostBytes];
            error = SocketAddress.Read(address, length, room, out Span<byte> read);
            return error == Errno.None ? use.Socket.Connect(read) : error;
        }
    }

    /// <source>listen(2)</source>
    internal static SyscallResult Listen(UserThread caller, int fd, int backlog)
    {
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use) return use.Socket.Listen(backlog);
    }

    /// <summary>Takes a connection that waits.</summary>
    /// <errors>EINVAL: an unknown flag. EBADF, ENOTSOCK, EMFILE, EFAULT, and those of
    /// <see cref="Socket.Accept"/>.</errors>
    /// <source>accept(2)</source>
    internal static SyscallResult Accept(UserThread caller, int fd, UserAddress address, UserAddress length, int flags)
    {
        if ((flags & ~(SocketType.SOCK_CLOEXEC | SocketType.SOCK_NONBLOCK)) != 0) return Errno.EINVAL;
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use)
        {
            // The descriptor first: a connection that was taken and finds none would be lost.
            var fdFlags = Files.FdFlags.FromOpen(SocketCreation.OpenFlags(flags));
            if (!caller.Descriptors.TryReserve(DescriptorLimit.Of(caller), fdFlags, out int taken, out error)) return error;

            error = use.Socket.Accept(out Socket? socket);
            if (error == Errno.None && !address.IsNull)
            {
                Span<byte> room = stackalloc byte[SocketAddress.MostBytes];
                error = socket!.GetPeerName(room, out int shown);
                if (error == Errno.None) error = SocketAddress.Write(room[..shown], address, length);
                if (error != Errno.None) socket.Release();
            }

            if (error != Errno.None)
            {
                caller.Descriptors.CancelReservation(taken);
                return error;
            }

            if (SocketCreation.StatusFlags(flags) != 0) socket!.SetNonBlocking(true);
            caller.Descriptors.Install(taken, socket!);
            return taken;
        }
    }

    /// <source>getsockname(2)</source>
    internal static SyscallResult GetName(UserThread caller, int fd, UserAddress address, UserAddress length)
    {
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use)
        {
            Span<byte> room = stackalloc byte[SocketAddress.MostBytes];
            int shown = use.Socket.GetName(room);
            return SocketAddress.Write(room[..shown], address, length);
        }
    }

    /// <errors>ENOTCONN.</errors>
    /// <source>getpeername(2)</source>
    internal static SyscallResult GetPeerName(UserThread caller, int fd, UserAddress address, UserAddress length)
    {
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use)
        {
            Span<byte> room = stackalloc byte[SocketAddress.MostBytes];
            error = use.Socket.GetPeerName(room, out int shown);
            return error == Errno.None ? SocketAddress.Write(room[..shown], address, length) : error;
        }
    }

    /// <errors>EINVAL: no such end.</errors>
    /// <source>shutdown(2)</source>
    internal static SyscallResult Shutdown(UserThread caller, int fd, int how)
    {
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use)
        {
            // SHUT_RD, SHUT_WR and SHUT_RDWR are one less than the bits.
            return how is < ShutdownHow.SHUT_RD or > ShutdownHow.SHUT_RDWR
                ? Errno.EINVAL
                : use.Socket.Shutdown((ShutdownEnds)(how + 1));
        }
    }
}
