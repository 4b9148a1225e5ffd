using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Fcntl
{
    /// <summary>Does one of many things with a descriptor or the file behind it.</summary>
    /// <errors>EBADF. EINVAL: an unknown command, or an argument out of range. EMFILE. See each
    /// command.</errors>
    /// <source>fcntl(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, int command, ulong argument)
    {
        if (!caller.Descriptors.TryUseAny(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            // A file opened with O_PATH is only a place: it can be copied and described, nothing else.
            bool isForPlaces = command is FcntlCommand.F_DUPFD or FcntlCommand.F_DUPFD_CLOEXEC or FcntlCommand.F_GETFD
                or FcntlCommand.F_SETFD or FcntlCommand.F_GETFL;
            if (use.File.IsPathOnly && !isForPlaces) return Errno.EBADF;
            return Do(caller, use.File, fd, command, argument);
        }
    }

    private static SyscallResult Do(UserThread caller, OpenFile file, int fd, int command, ulong argument)
    {
        switch (command)
        {
            case FcntlCommand.F_DUPFD:
                return Duplicate(caller, fd, argument, FdFlags.None);
            case FcntlCommand.F_DUPFD_CLOEXEC:
                return Duplicate(caller, fd, argument, FdFlags.CloseOnExec);
            case FcntlCommand.F_GETFD:
                return !caller.Descriptors.TryGetFlags(fd, out FdFlags flags) ? Errno.EBADF
                    : flags.IsCloseOnExec ? FcntlCommand.FD_CLOEXEC : 0;
            case FcntlCommand.F_SETFD:
                bool isCloseOnExec = (argument & FcntlCommand.FD_CLOEXEC) != 0;
                return caller.Descriptors.TrySetFlags(fd, new FdFlags(isCloseOnExec)) ? 0 : Errno.EBADF;
            case FcntlCommand.F_GETFL:
                return file.ShownFlags;
            case FcntlCommand.F_SETFL:
                Errno refused = file.SetStatusFlags((uint)argument);
                if (refused != Errno.None || !file.KnowsOwner) return refused;
                return file.SetAsynchronous((argument & OpenBits.O_ASYNC) != 0, fd);
            default:
                return FileControl.TryInvoke(caller, file, fd, command, argument, out SyscallResult result)
                    ? result
                    : Errno.EINVAL;
        }
    }

    private static SyscallResult Duplicate(UserThread caller, int fd, ulong lowest, FdFlags flags)
    {
        int limit = DescriptorLimit.Of(caller);
        if (lowest >= (ulong)limit) return Errno.EINVAL;
        return caller.Descriptors.TryDuplicate(fd, (int)lowest, limit, flags, out int copy, out Errno error)
            ? copy
            : error;
    }
}
