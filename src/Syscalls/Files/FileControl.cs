using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The commands of fcntl(2) that concern the file behind the descriptor.</summary>
internal static class FileControl
{
    /// <summary>False: there is no such command (EINVAL).</summary>
    internal static bool TryInvoke(
        UserThread caller, OpenFile file, int fd, int command, ulong argument, out SyscallResult result)
    {
        switch (command)
        {
            case FcntlCommand.F_SETLK:
            case FcntlCommand.F_SETLKW:
            case FcntlCommand.F_OFD_SETLK:
            case FcntlCommand.F_OFD_SETLKW:
                result = RecordLock.Set(caller, file, fd, command, new UserAddress(argument));
                return true;
            case FcntlCommand.F_GETLK:
            case FcntlCommand.F_OFD_GETLK:
                result = RecordLock.Get(caller, file, command, new UserAddress(argument));
                return true;
            case FcntlCommand.F_SETOWN:
            case FcntlCommand.F_GETOWN:
            case FcntlCommand.F_SETOWN_EX:
            case FcntlCommand.F_GETOWN_EX:
            case FcntlCommand.F_SETSIG:
            case FcntlCommand.F_GETSIG:
            case FcntlCommand.F_GETOWNER_UIDS:
                result = FileOwnerControl.Invoke(caller, file, command, argument);
                return true;
            case FcntlCommand.F_GETPIPE_SZ:
                result = Pipes.GetCapacity(file);
                return true;
            case FcntlCommand.F_SETPIPE_SZ:
                result = Pipes.SetCapacity(file, (uint)argument, caller.Credentials, caller.FileAccount);
                return true;
            case FcntlCommand.F_GET_SEALS:
                result = Seals.Get(file);
                return true;
            case FcntlCommand.F_ADD_SEALS:
                result = Seals.Add(file, argument);
                return true;
            case FcntlCommand.F_NOTIFY:
                result = FileOwnerControl.Notify(caller, file, fd, (uint)argument);
                return true;
            case FcntlCommand.F_GETLEASE:
                result = FcntlCommand.F_UNLCK; // nobody can have taken one
                return true;
            default:
                result = Errno.EINVAL;
                return false;
        }
    }
}
