using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Fcntl
{
    private const ulong CloseOnExec = FcntlCommand.FD_CLOEXEC;

    /// <summary>What can be asked of and done to a descriptor.</summary>
    /// <errors>EBADF. EINVAL: no such command, or a bad argument. EMFILE: F_DUPFD.</errors>
    /// <source>fcntl(2).</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, int command, ulong argument)
    {
        switch (command)
        {
            case FcntlCommand.F_DUPFD:
                return DuplicateFrom(caller, fd, argument, FdFlags.None);
            case FcntlCommand.F_DUPFD_CLOEXEC:
                return DuplicateFrom(caller, fd, argument, FdFlags.CloseOnExec);
            case FcntlCommand.F_GETFD:
                return caller.Descriptors.TryGetFlags(fd, out FdFlags flags)
                    ? flags.IsCloseOnExec ? (int)CloseOnExec : 0
                    : Errno.EBADF;
            case FcntlCommand.F_SETFD:
                FdFlags wanted = (argument & CloseOnExec) != 0 ? FdFlags.CloseOnExec : FdFlags.None;
                return caller.Descriptors.TrySetFlags(fd, wanted) ? 0 : Errno.EBADF;
            case FcntlCommand.F_GETFL:
                return GetStatus(caller, fd);
        }

        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use) return OnFile(caller, use.File, command, argument);
    }

    private static SyscallResult DuplicateFrom(UserThread caller, int fd, ulong lowest, FdFlags flags)
    {
        int limit = Descriptors.Limit(caller);
        // EBADF goes before EINVAL.
        int from = lowest >= (ulong)limit ? limit : (int)lowest;
        bool isDone = caller.Descriptors.TryDuplicate(fd, from, limit, flags, out int duplicate, out Errno error);
        return isDone ? duplicate : error;
    }

    private static SyscallResult GetStatus(UserThread caller, int fd)
    {
        if (!caller.Descriptors.TryUseAny(fd, out FileUse use, out Errno error)) return error;
        using (use) return use.File.StatusFlags;
    }

    private static SyscallResult OnFile(UserThread caller, OpenFile file, int command, ulong argument)
    {
        switch (command)
        {
            case FcntlCommand.F_SETFL:
                return file.SetStatusFlags((uint)argument);
            default:
                Unsupported.Use(caller, "fcntl", (uint)command);
                return Errno.EINVAL;
        }
    }
}
