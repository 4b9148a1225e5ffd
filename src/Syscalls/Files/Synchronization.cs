using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Calls that bring data to where it lasts.</summary>
internal static class Synchronization
{
    /// <source>fsync(2), fdatasync(2).</source>
    internal static SyscallResult File(UserThread caller, int fd)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use) return use.File.Synchronize();
    }

    /// <source>sync(2).</source>
    internal static SyscallResult All()
    {
        foreach (Mount mount in Mounts.List())
        {
            _ = mount.Filesystem.Synchronize(); // sync(2) is always successful.
        }

        return 0;
    }

    /// <source>syncfs(2).</source>
    internal static SyscallResult Filesystem(UserThread caller, int fd)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use) return use.File.Inode.Filesystem.Synchronize();
    }
}
