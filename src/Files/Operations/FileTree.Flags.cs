using Cashew.Abi;

namespace Cashew.Files;

public static partial class FileTree
{
    /// <summary>Marks a file as immutable and the like.</summary>
    /// <errors>EPERM: neither the owner nor CAP_FOWNER; to make a file immutable or append-only, or not any
    /// more, needs CAP_LINUX_IMMUTABLE. EOPNOTSUPP: a mark that there is not. EROFS.</errors>
    /// <source>ioctl_iflags(2).</source>
    public static Errno SetFlags(Credentials credentials, PathLocation place, Inode inode, FileFlags flags)
    {
        if (!place.IsNone && place.Mount.IsReadOnly) return Errno.EROFS;
        if (!Permission.IsOwnerOrCapable(inode, credentials)) return Errno.EPERM;
        if ((flags & ~FileFlags.All) != 0) return Errno.EOPNOTSUPP;
        bool needsCapability = ((flags ^ inode.Flags) & FileFlags.Fixed) != 0;
        if (needsCapability && !credentials.Has(Capability.CAP_LINUX_IMMUTABLE)) return Errno.EPERM;
        inode.SetFlags(flags);
        return Tell(Errno.None, place, inode, InotifyBits.IN_ATTRIB);
    }
}
