using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>Where the links in a process's directory lead.</summary>
/// <source>proc_pid_exe(5), proc_pid_cwd(5), proc_pid_root(5).</source>
internal static class ProcessLinkTargets
{
    internal static bool TryFindProgram(Subject subject, out PathLocation target, out Errno error)
    {
        // Between programs, and after the end, there is none.
        OpenFile? file = subject.Process.Image.File;
        target = file?.Location ?? default;
        error = file is null ? Errno.ENOENT : Errno.None;
        return file is not null;
    }

    internal static bool TryFindWorkingDirectory(Subject subject, out PathLocation target, out Errno error)
    {
        FilesystemContext? context = subject.Thread?.FilesystemOrNone;
        target = context?.WorkingDirectory ?? default;
        error = context is null ? Errno.ENOENT : Errno.None;
        return context is not null;
    }

    internal static bool TryFindRoot(Subject subject, out PathLocation target, out Errno error)
    {
        FilesystemContext? context = subject.Thread?.FilesystemOrNone;
        target = context?.Root ?? default;
        error = context is null ? Errno.ENOENT : Errno.None;
        return context is not null;
    }
}
