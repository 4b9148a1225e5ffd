using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Pipe2
{
    private const uint KnownFlags = OpenBits.O_CLOEXEC | OpenBits.O_NONBLOCK | OpenBits.O_DIRECT;

    /// <summary>Makes a pipe and stores its two descriptors, the reading end first.</summary>
    /// <errors>EINVAL: an unknown flag. EMFILE. ENFILE. EFAULT. ENOMEM.</errors>
    /// <source>pipe(2)</source>
    internal static SyscallResult Invoke(UserThread caller, UserAddress result, uint flags)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;

        DescriptorTable descriptors = caller.Descriptors;
        int limit = DescriptorLimit.Of(caller);
        FdFlags fdFlags = FdFlags.FromOpen(flags);
        if (!descriptors.TryReserve(limit, fdFlags, out int readFd, out Errno error)) return error;
        if (!descriptors.TryReserve(limit, fdFlags, out int writeFd, out error))
        {
            descriptors.CancelReservation(readFd);
            return error;
        }

        error = OpenFileLimit.Check(caller.Credentials);
        ulong pair = (uint)readFd | (ulong)(uint)writeFd << 32;
        if (error == Errno.None && !UserMemory.TryWrite(result, pair)) error = Errno.EFAULT;
        if (error != Errno.None
            || !Pipes.TryCreate(
                caller.Credentials, caller.FileAccount, flags, out OpenFile? reader, out OpenFile? writer, out error))
        {
            descriptors.CancelReservation(readFd);
            descriptors.CancelReservation(writeFd);
            return error;
        }

        descriptors.Install(readFd, reader);
        descriptors.Install(writeFd, writer);
        return 0;
    }
}
