using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Pipe
{
    /// <summary>Makes a pipe: the first descriptor reads what is written to the second.</summary>
    /// <errors>EINVAL: unknown flags. EMFILE, ENFILE. EFAULT: then no descriptor is left open.</errors>
    /// <source>pipe(2).</source>
    internal static SyscallResult Invoke(UserThread caller, UserAddress result, uint flags)
    {
        const uint Known = OpenBits.O_CLOEXEC | OpenBits.O_NONBLOCK | OpenBits.O_DIRECT;
        if ((flags & ~Known) != 0) return Errno.EINVAL;

        Pipes.Create(caller.Credentials, flags, out OpenFile reader, out OpenFile writer);
        Errno error = Install(caller, result, FdFlags.FromOpen(flags), reader, writer);
        if (error == Errno.None) return 0;
        reader.Release();
        writer.Release();
        return error;
    }

    private static Errno Install(
        UserThread caller, UserAddress result, FdFlags flags, OpenFile reader, OpenFile writer)
    {
        DescriptorTable table = caller.Descriptors;
        int limit = Descriptors.Limit(caller);
        if (!table.TryReserve(limit, flags, out int readFd, out Errno error)) return error;
        if (!table.TryReserve(limit, flags, out int writeFd, out error))
        {
            table.CancelReservation(readFd);
            return error;
        }

        // The numbers are told before they are open, so that a bad address leaves nothing behind.
        if (!UserMemory.TryWrite(result, readFd) || !UserMemory.TryWrite(result + sizeof(int), writeFd))
        {
            table.CancelReservation(readFd);
            table.CancelReservation(writeFd);
            return Errno.EFAULT;
        }

        table.Install(readFd, reader);
        table.Install(writeFd, writer);
        return Errno.None;
    }
}
