using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>A descriptor that names a process.</summary>
/// <source>pidfd_open(2)</source>
internal static class ProcessFileArgument
{
    /// <errors>EBADF: no descriptor, or of something else.</errors>
    internal static bool TryRead(
        UserThread caller, int fd, [NotNullWhen(true)] out Process? process, out bool isNonBlocking, out Errno error)
    {
        process = null;
        isNonBlocking = false;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out error)) return false;
        using (use)
        {
            if (use.File is not ProcessFile file)
            {
                error = Errno.EBADF;
                return false;
            }

            process = file.Process;
            isNonBlocking = file.IsNonBlocking;
            return true;
        }
    }

    /// <summary>The same for who takes a directory /proc/PID for it, too.</summary>
    /// <inheritdoc cref="TryRead"/>
    internal static bool TryReadOrDirectory(
        UserThread caller, int fd, [NotNullWhen(true)] out Process? process, out Errno error)
    {
        process = null;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out error)) return false;
        using (use)
        {
            process = use.File is ProcessFile file
                ? file.Process
                : ProcessDirectories.ProcessOf(use.File.Inode);
            if (process is null) error = Errno.EBADF;
            return process is not null;
        }
    }
}
