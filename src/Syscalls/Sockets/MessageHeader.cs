using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Syscalls;

/// <summary>The struct msghdr of sendmsg(2) and recvmsg(2), copied and checked.</summary>
internal static class MessageHeader
{
    internal const ulong Bytes = 56;

    /// <summary>struct mmsghdr.</summary>
    internal const ulong MultipleBytes = 64;

    internal const ulong NameLengthOffset = 8;
    internal const ulong ControlLengthOffset = 40;
    internal const ulong FlagsOffset = 48;

    /// <summary>UIO_MAXIOV.</summary>
    internal const int MostVectors = 1024;

    /// <errors>EFAULT. EINVAL: a negative length. EMSGSIZE: too many vectors.</errors>
    internal static Errno Read(UserAddress at, out MsgHdr header, out UserSegment[] segments)
    {
        segments = [];
        if (!UserMemory.TryRead(at, out header)) return Errno.EFAULT;
        if ((int)header.msg_namelen < 0) return Errno.EINVAL;
        if (header.msg_name == 0) header.msg_namelen = 0;
        header.msg_namelen = uint.Min(header.msg_namelen, SocketAddress.MostBytes);
        if (header.msg_iovlen > MostVectors) return Errno.EMSGSIZE;
        _ = IoVector.TryCopy(
            new UserAddress(header.msg_iov), header.msg_iovlen, out segments, out Errno error);
        return error;
    }
}
