using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Files.Terminals;
using Cashew.Machine;
using Cashew.Net;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Ioctl
{
    // What inodes count their room in.
    private const int BytesPerBlock = 512;

    /// <summary>Device-specific control; a few commands concern any descriptor and are done here.</summary>
    /// <errors>EBADF. ENOTTY: not for this kind of file. EFAULT.</errors>
    /// <source>ioctl(2), ioctl_list(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, uint command, ulong argument)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (use.File.IsPathOnly) return Errno.EBADF;
            switch (command)
            {
                case IoctlNumbers.FIOCLEX:
                    return caller.Descriptors.TrySetFlags(fd, FdFlags.CloseOnExec) ? 0 : Errno.EBADF;
                case IoctlNumbers.FIONCLEX:
                    return caller.Descriptors.TrySetFlags(fd, FdFlags.None) ? 0 : Errno.EBADF;
                case IoctlNumbers.FIONBIO:
                    if (!UserMemory.TryRead(new UserAddress(argument), out int isOn)) return Errno.EFAULT;
                    use.File.SetNonBlocking(isOn != 0);
                    return 0;
                case IoctlNumbers.FIOASYNC:
                    if (!UserMemory.TryRead(new UserAddress(argument), out int isAsync)) return Errno.EFAULT;
                    return use.File.SetAsynchronous(isAsync != 0, fd);
                case IoctlNumbers.FIOSETOWN when use.File is Socket:
                case IoctlNumbers.SIOCSPGRP when use.File is Socket:
                    if (!UserMemory.TryRead(new UserAddress(argument), out int owner)) return Errno.EFAULT;
                    return FileOwnerControl.Invoke(caller, use.File, FcntlCommand.F_SETOWN, (ulong)owner);
                case IoctlNumbers.FIOGETOWN when use.File is Socket:
                case IoctlNumbers.SIOCGPGRP when use.File is Socket:
                    SyscallResult told = FileOwnerControl.Invoke(caller, use.File, FcntlCommand.F_GETOWN, 0);
                    return UserMemory.TryWrite(new UserAddress(argument), (int)told.Value) ? 0 : Errno.EFAULT;
                case IoctlNumbers.TIOCGPTPEER when use.File is PseudoMaster master:
                    return master.TryOpenPeer(caller.FileCaller, (uint)argument, out OpenFile? peer, out error)
                        ? NewFile.Install(caller, peer, (uint)argument)
                        : error;
                case IoctlNumbers.NS_GET_USERNS when use.File is NamespaceFile { Namespace.HasOwner: true }:
                    return OpenUserNamespace(caller);
                case IoctlNumbers.FIGETBSZ:
                    int blockBytes = use.File.Inode.Filesystem.BlockBytes;
                    return UserMemory.TryWrite(new UserAddress(argument), blockBytes) ? 0 : Errno.EFAULT;
                case IoctlNumbers.FIOQSIZE when HasSize(use.File.Inode):
                    long size = use.File.Inode.Blocks512 * BytesPerBlock;
                    return UserMemory.TryWrite(new UserAddress(argument), size) ? 0 : Errno.EFAULT;
                case IoctlNumbers.FIBMAP when use.File.Inode.IsRegular:
                    return caller.Credentials.Has(Capability.CAP_SYS_RAWIO) ? Errno.EINVAL : Errno.EPERM;
                case IoctlNumbers.FS_IOC_GETFLAGS when use.File.Inode.Filesystem.HasFileFlags && HasSize(use.File.Inode):
                    uint marks = (uint)use.File.Inode.Flags;
                    return UserMemory.TryWrite(new UserAddress(argument), marks) ? 0 : Errno.EFAULT;
                case IoctlNumbers.FS_IOC_SETFLAGS when use.File.Inode.Filesystem.HasFileFlags && HasSize(use.File.Inode):
                    if (!UserMemory.TryRead(new UserAddress(argument), out uint wanted)) return Errno.EFAULT;
                    return FileTree.SetFlags(
                        caller.Credentials, use.File.Location, use.File.Inode, (FileFlags)wanted);
                case IoctlNumbers.FIONREAD when use.File.Inode.IsRegular:
                    int left = (int)long.Clamp(use.File.Inode.LengthBytes - use.File.Offset, 0, int.MaxValue);
                    return UserMemory.TryWrite(new UserAddress(argument), left) ? 0 : Errno.EFAULT;
                default:
                    return AbsentControl.TryInvoke(caller, use.File, command, argument, out SyscallResult answer)
                        ? answer
                        : use.File.Control(command, argument);
            }
        }
    }

    /// <summary>The namespace of users that all others belong to.</summary>
    /// <source>ioctl_ns(2), NS_GET_USERNS.</source>
    private static SyscallResult OpenUserNamespace(UserThread caller)
    {
        Inode inode = Namespaces.OfUsers;
        PathLocation place = inode.Filesystem.LocateUnnamed(inode);
        if (!place.TryPin()) return Errno.ENOMEM;
        return FileTree.TryOpen(
            new OpenRequest(caller.FileCaller, place, OpenBits.O_RDONLY), out OpenFile? file, out Errno error)
            ? NewFile.Install(caller, file, OpenBits.O_CLOEXEC)
            : error;
    }

    private static bool HasSize(Inode inode)
        => inode.Type is InodeType.Regular or InodeType.Directory or InodeType.SymbolicLink;
}
