using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Gives a file that has just been made a descriptor.</summary>
internal static class NewFile
{
    /// <returns>The descriptor.</returns>
    /// <errors>EMFILE, and the file is closed.</errors>
    internal static SyscallResult Install(UserThread caller, OpenFile file, uint openFlags)
    {
        FdFlags flags = FdFlags.FromOpen(openFlags);
        if (caller.Descriptors.TryAdd(file, DescriptorLimit.Of(caller), flags, out int fd, out Errno error))
        {
            return fd;
        }

        file.Release();
        return error;
    }
}
