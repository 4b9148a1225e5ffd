using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Gives a file that has just been made a descriptor.</summary>
internal static class NewFile
{
    /// <returns>The descriptor.</returns>
    /// <errors>EMFILE, ENFILE, ENOMEM, and the file is closed.</errors>
    internal static SyscallResult Install(UserThread caller, OpenFile file, uint openFlags)
    {
        FdFlags flags = FdFlags.FromOpen(openFlags);
        DescriptorTable descriptors = caller.Descriptors;
        if (descriptors.TryReserve(DescriptorLimit.Of(caller), flags, out int fd, out Errno error))
        {
            error = OpenFileLimit.Check(caller.Credentials);
            if (error == Errno.None)
            {
                descriptors.Install(fd, file);
                return fd;
            }

            descriptors.CancelReservation(fd);
        }

        file.Release();
        return error;
    }
}
