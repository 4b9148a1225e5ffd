using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The commands of fcntl(2) that say who is told by signals what happens to a file, and
/// how.</summary>
internal static class FileOwnerControl
{
    /// <errors>EINVAL: no such signal or kind. ESRCH: nobody there. EFAULT.</errors>
    /// <source>fcntl(2), "Managing signals"</source>
    internal static SyscallResult Invoke(UserThread caller, OpenFile file, int command, ulong argument)
    {
        switch (command)
        {
            case FcntlCommand.F_SETOWN:
                int id = (int)argument;
                if (id == int.MinValue) return Errno.EINVAL;
                return id < 0
                    ? Set(caller, file, FcntlCommand.F_OWNER_PGRP, -id)
                    : Set(caller, file, FcntlCommand.F_OWNER_PID, id);
            case FcntlCommand.F_SETOWN_EX:
                if (!UserMemory.TryRead(new UserAddress(argument), out FOwnerEx wanted)) return Errno.EFAULT;
                return Set(caller, file, wanted.type, wanted.pid);
            case FcntlCommand.F_GETOWN:
                FOwnerEx owner = Describe(file);
                return (nint)(owner.type == FcntlCommand.F_OWNER_PGRP ? -owner.pid : owner.pid);
            case FcntlCommand.F_GETOWN_EX:
                return UserMemory.TryWrite(new UserAddress(argument), Describe(file)) ? 0 : Errno.EFAULT;
            case FcntlCommand.F_GETOWNER_UIDS:
                uint uid = 0;
                uint euid = 0;
                file.Owner?.DescribeChooser(out uid, out euid);
                UserAddress ids = new(argument);
                return UserMemory.TryWrite(ids, uid) && UserMemory.TryWrite(ids + sizeof(uint), euid) ? 0 : Errno.EFAULT;
            case FcntlCommand.F_SETSIG:
                if (argument != 0 && (argument > int.MaxValue || !SignalSet.IsValidSignal((int)argument)))
                {
                    return Errno.EINVAL;
                }

                file.SetOwnerSignal((int)argument);
                return 0;
            default:
                return file.OwnerSignal;
        }
    }

    /// <summary>Tells the owner of a directory by signals what happens in it; that is the caller, if nobody
    /// has said otherwise.
    /// </summary>
    /// <errors>ENOTDIR. ENOMEM.</errors>
    /// <source>fcntl(2), F_NOTIFY</source>
    internal static SyscallResult Notify(UserThread caller, OpenFile file, int fd, uint events)
    {
        Errno error = FileWatches.WatchDirectory(file, caller.Descriptors, fd, events);
        bool isOn = (events & ~FcntlCommand.DN_MULTISHOT) != 0;
        if (error != Errno.None || !isOn || file.Owner is not null) return error;
        return Set(caller, file, FcntlCommand.F_OWNER_PID, caller.Process.Id);
    }

    private static Errno Set(UserThread caller, OpenFile file, int kind, int id)
    {
        if (!SignalFileOwner.TryFind(caller, kind, id, out FileOwner? owner, out Errno error)) return error;
        file.SetOwner(owner);
        return Errno.None;
    }

    // Nobody is a process, as long as nobody has said otherwise.
    private static FOwnerEx Describe(OpenFile file)
        => file.Owner?.Describe() ?? new FOwnerEx { type = FcntlCommand.F_OWNER_TID };
}
