using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>A namespace that somebody has open: there is nothing to read or write.</summary>
public sealed class NamespaceFile(NamespaceInode inode, in OpenRequest request)
    : OpenFile(inode, request.Location, request.Flags)
{
    private readonly NamespaceInode _inode = inode;

    /// <summary>Of which kind, and which one.</summary>
    public NamespaceInode Namespace => _inode;

    /// <errors>ENOTTY: no command for a namespace. EINVAL: one for another kind. EPERM: nobody may see what
    /// is around the first of them. EFAULT.</errors>
    /// <source>ioctl_ns(2).</source>
    public override IoResult Control(uint command, ulong argument)
    {
        bool isUser = _inode.Flag == CloneBits.CLONE_NEWUSER;
        switch (command)
        {
            case IoctlNumbers.NS_GET_NSTYPE:
                return (nint)_inode.Flag;
            case IoctlNumbers.NS_GET_PARENT:
                return isUser || _inode.Flag == CloneBits.CLONE_NEWPID ? Errno.EPERM : Errno.EINVAL;
            case IoctlNumbers.NS_GET_USERNS when isUser:
                return Errno.EPERM;
            case IoctlNumbers.NS_GET_OWNER_UID:
                if (!isUser) return Errno.EINVAL;
                return UserMemory.TryWrite(new UserAddress(argument), 0u) ? 0 : Errno.EFAULT;
            default:
                return Errno.ENOTTY;
        }
    }

    public override void AppendName(ByteBuilder text, PathLocation root) => _inode.AppendName(text);
}
