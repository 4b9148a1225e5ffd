using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Net;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Options of sockets.</summary>
internal static class SocketOptionCalls
{
    /// <errors>EBADF, ENOTSOCK, EFAULT. EINVAL: the length. EOPNOTSUPP: a level that the family does not
    /// have. And those of
    /// <see cref="SocketOptions.Set"/>.</errors>
    /// <source>setsockopt(2)</source>
    internal static SyscallResult Set(
        UserThread caller, int fd, int level, int option, UserAddress value, int length)
    {
        if (length < 0) return Errno.EINVAL;
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use)
        {
            if (level != SocketLevel.SOL_SOCKET) return Errno.EOPNOTSUPP;
            Span<byte> room = stackalloc byte[SocketOptions.MostBytes];
            Span<byte> read = room[..int.Min(length, room.Length)];
            if (read.Length >= sizeof(int) && UserMemory.CopyIn(read, value) < read.Length) return Errno.EFAULT;
            error = SocketOptions.Set(use.Socket, option, read);
            if (error == Errno.ENOPROTOOPT) Unsupported.Use(caller, "setsockopt", (ulong)option);
            return error;
        }
    }

    /// <errors>As <see cref="Set"/>. ERANGE: SO_PEERGROUPS has more.</errors>
    /// <source>getsockopt(2)</source>
    internal static SyscallResult Get(
        UserThread caller, int fd, int level, int option, UserAddress value, UserAddress lengthAt)
    {
        if (!SocketUse.TryTake(caller, fd, out SocketUse use, out Errno error)) return error;
        using (use)
        {
            if (level != SocketLevel.SOL_SOCKET) return Errno.EOPNOTSUPP;
            if (!UserMemory.TryRead(lengthAt, out int room)) return Errno.EFAULT;
            if (room < 0) return Errno.EINVAL;
            switch (option)
            {
                case SocketOption.SO_PEERGROUPS:
                    return GetGroups(use.Socket, value, lengthAt, room);
                case SocketOption.SO_PEERNAME:
                    return GetPeerName(use.Socket, value, lengthAt, room);
            }

            Span<byte> bytes = stackalloc byte[SocketOptions.MostBytes];
            error = SocketOptions.Get(use.Socket, option, bytes, out int length);
            if (error == Errno.ENOPROTOOPT) Unsupported.Use(caller, "getsockopt", (ulong)option);
            return error == Errno.None ? Store(bytes[..length], value, lengthAt, room) : error;
        }
    }

    private static SyscallResult Store(ReadOnlySpan<byte> bytes, UserAddress value, UserAddress lengthAt, int room)
    {
        int stored = int.Min(bytes.Length, room);
        if (UserMemory.CopyOut(value, bytes[..stored]) < stored) return Errno.EFAULT;
        return UserMemory.TryWrite(lengthAt, stored) ? 0 : Errno.EFAULT;
    }

    /// <summary>The whole address or nothing; the length stays as it was given.</summary>
    private static SyscallResult GetPeerName(Socket socket, UserAddress value, UserAddress lengthAt, int room)
    {
        Span<byte> address = stackalloc byte[SocketAddress.MostBytes];
        Errno error = socket.GetPeerName(address, out int length);
        if (error != Errno.None) return Errno.ENOTCONN;
        if (length < room) return Errno.EINVAL;
        if (UserMemory.CopyOut(value, address[..room]) < room) return Errno.EFAULT;
        return UserMemory.TryWrite(lengthAt, room) ? 0 : Errno.EFAULT;
    }

    private static SyscallResult GetGroups(Socket socket, UserAddress value, UserAddress lengthAt, int room)
    {
        if (socket.Peer is not { } peer) return Errno.ENODATA;
        ReadOnlySpan<byte> groups = MemoryMarshal.AsBytes(peer.Credentials.Groups);
        bool fits = groups.Length <= room;
        if (fits && UserMemory.CopyOut(value, groups) < groups.Length) return Errno.EFAULT;
        if (!UserMemory.TryWrite(lengthAt, groups.Length)) return Errno.EFAULT;
        return fits ? 0 : Errno.ERANGE;
    }
}
