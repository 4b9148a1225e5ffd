using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Pipe2
{
    private const uint KnownFlags = OpenBits.O_CLOEXEC | OpenBits.O_NONBLOCK | OpenBits.O_DIRECT;

    /// <summary>Makes a pipe and stores its two descriptors, the reading end first.</summary>
    /// <errors>EINVAL: an unknown flag, or O_DIRECT (packet mode), which is not supported. EMFILE. EFAULT.</errors>
    /// <source>pipe(2)</source>
    internal static SyscallResult Invoke(UserThread caller, UserAddress result, uint flags)
    {
        if ((flags & ~KnownFlags) != 0 || (flags & OpenBits.O_DIRECT) != 0) return Errno.EINVAL;

        DescriptorTable descriptors = caller.Descriptors;
        int limit = DescriptorLimit.Of(caller);
        FdFlags fdFlags = FdFlags.FromOpen(flags);
        if (!descriptors.TryReserve(limit, fdFlags, out int readFd, out Errno error)) return error;
        if (!descriptors.TryReserve(limit, fdFlags, out int writeFd, out error))
        {
            descriptors.CancelReservation(readFd);
            return error;
        }

        ulong pair = (uint)readFd | (ulong)(uint)writeFd << 32;
        if (!UserMemory.TryWrite(result, pair))
        {
            descriptors.CancelReservation(readFd);
            descriptors.CancelReservation(writeFd);
            return Errno.EFAULT;
        }

        Pipes.Create(caller.Credentials, flags, out OpenFile reader, out OpenFile writer);
        descriptors.Install(readFd, reader);
        descriptors.Install(writeFd, writer);
        return 0;
    }
}
