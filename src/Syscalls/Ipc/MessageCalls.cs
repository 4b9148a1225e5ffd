using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Messages as programs lay them out: a long with the type, then the text.</summary>
internal static class MessageCalls
{
    private const ulong TypeBytes = sizeof(long);

    /// <errors>EINVAL: too long, or a type that is not positive. EFAULT. ENOMEM. The rest: see
    /// <see cref="MessageTransfer.Send"/>.</errors>
    /// <source>msgop(2)</source>
    internal static SyscallResult Send(UserThread caller, int id, UserAddress message, ulong length, int flags)
    {
        if (!UserMemory.TryRead(message, out long type)) return Errno.EFAULT;
        if (length > (ulong)IpcLimits.MessageBytes || id < 0 || type < 1) return Errno.EINVAL;
        if (!LargeArray.TryReserve((long)length) || !KernelObjects.MayCreateName()) return Errno.ENOMEM;

        byte[] text = new byte[(int)length];
        if (UserMemory.CopyIn(text, message + TypeBytes) < text.Length) return Errno.EFAULT;
        return MessageTransfer.Send(caller, id, type, text, (flags & ShmBits.IPC_NOWAIT) == 0);
    }

    /// <summary>The length of the text.</summary>
    /// <errors>EINVAL: a negative length. EFAULT, and then the message is lost, as on Linux. The rest: see
    /// <see cref="MessageTransfer.Receive"/>.</errors>
    /// <source>msgop(2)</source>
    internal static SyscallResult Receive(
        UserThread caller, int id, UserAddress message, ulong length, long type, int flags)
    {
        if (id < 0 || (long)length < 0) return Errno.EINVAL;
        int most = (int)ulong.Min(length, int.MaxValue);
        Errno error = MessageTransfer.Receive(caller, id, type, most, flags, out long foundType, out byte[] text);
        if (error != Errno.None) return error;

        ReadOnlySpan<byte> part = text.AsSpan(0, int.Min(text.Length, most));
        if (!UserMemory.TryWrite(message, foundType)) return Errno.EFAULT;
        return UserMemory.CopyOut(message + TypeBytes, part) == part.Length ? part.Length : Errno.EFAULT;
    }
}
