using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Syscalls;

/// <summary>Addresses of sockets on their way from programs and to them.</summary>
internal static class SocketAddress
{
    /// <summary>struct sockaddr_storage: no family has a longer one.</summary>
    internal const int MostBytes = 128;

    /// <param name="room">Of <see cref="MostBytes"/>.</param>
    /// <errors>EINVAL: a length that no address has. EFAULT.</errors>
    internal static Errno Read(UserAddress address, int lengthBytes, Span<byte> room, out Span<byte> read)
    {
        read = default;
        if (lengthBytes is < 0 or > MostBytes) return Errno.EINVAL;
        Span<byte> part = room[..lengthBytes];
        if (UserMemory.CopyIn(part, address) < lengthBytes) return Errno.EFAULT;
        read = part;
        return Errno.None;
    }

    /// <summary>Stores an address, as much of it as the program has room for, and its whole length.</summary>
    /// <param name="lengthAt">Holds the room, and gets the length.</param>
    /// <errors>EFAULT. EINVAL: the room is negative.</errors>
    /// <source>getsockname(2): a returned length greater than the one given tells that it was cut.</source>
    internal static Errno Write(ReadOnlySpan<byte> written, UserAddress address, UserAddress lengthAt)
    {
        if (!UserMemory.TryRead(lengthAt, out int room)) return Errno.EFAULT;
        if (room < 0) return Errno.EINVAL;
        int shown = int.Min(room, written.Length);
        if (UserMemory.CopyOut(address, written[..shown]) < shown) return Errno.EFAULT;
        return UserMemory.TryWrite(lengthAt, written.Length) ? Errno.None : Errno.EFAULT;
    }
}
