using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Openat
{
    /// <summary>Opens a file, or makes it and opens it then.</summary>
    /// <errors>EMFILE: no descriptor is free. ENFILE: <see cref="OpenFileLimit"/>. The rest: see
    /// <see cref="FileTree.TryOpen"/> and the path.</errors>
    /// <source>open(2), openat(2), creat(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int directoryFd, UserAddress path, uint flags, uint mode,
        ResolveRules rules = ResolveRules.None)
    {
        // What takes the directory for the root looks at it for absolute paths, too.
        bool isScoped = (rules & ResolveRules.InRoot) != 0;
        if (!PathArgument.TryTake(caller, directoryFd, path, isScoped, out PathArgument argument, out Errno error))
        {
            return error;
        }

        using (argument)
        {
            // The descriptor first: with none left, no file is made.
            DescriptorTable descriptors = caller.Descriptors;
            if (!descriptors.TryReserve(
                DescriptorLimit.Of(caller), FdFlags.FromOpen(flags), out int fd, out error))
            {
                return error;
            }

            OpenFile? file = null;
            error = OpenFileLimit.Check(caller.Credentials);
            if (error != Errno.None || !FileTree.TryOpen(
                caller.FileCaller.Within(rules), argument.Start, argument.Path, flags, mode, out file, out error))
            {
                descriptors.CancelReservation(fd);
                return error;
            }

            descriptors.Install(fd, file);
            return fd;
        }
    }
}
