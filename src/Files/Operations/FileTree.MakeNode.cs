using System;
using Cashew.Abi;

namespace Cashew.Files;

public static partial class FileTree
{
    /// <summary>Makes a regular file, FIFO, socket or device node.</summary>
    /// <errors>
    /// EPERM: the type is a directory, or a device and the caller lacks CAP_MKNOD. EINVAL: there is no such
    /// type. The rest as <see cref="MakeDirectory"/>.
    /// </errors>
    /// <source>mknod(2); no type means a regular file.</source>
    public static Errno MakeNode(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, uint mode, DeviceNumber device)
    {
        uint type = mode & Mode.S_IFMT;
        if (type == 0) type = Mode.S_IFREG;
        if (type == Mode.S_IFDIR) return Errno.EPERM;
        bool isDevice = type is Mode.S_IFCHR or Mode.S_IFBLK;
        if (!isDevice && type is not (Mode.S_IFREG or Mode.S_IFIFO or Mode.S_IFSOCK)) return Errno.EINVAL;

        if (!NewName.TryReserve(caller, start, path, forDirectory: false, out NewName name, out Errno error)) return error;
        using (name)
        {
            error = Permission.CheckCreation(name.Directory, caller.Credentials);
            if (error != Errno.None) return error;
            bool isWhiteout = type == Mode.S_IFCHR && device.Encoded == 0;
            if (isDevice && !isWhiteout && !caller.Credentials.Has(Capability.CAP_MKNOD)) return Errno.EPERM;

            uint permissions = mode & PermissionMask & ~caller.Context.Umask;
            NewNode plain = NewNode.For(name.Directory, type | permissions, caller.Credentials);
            NewNode node = new(plain.Mode, plain.Uid, plain.Gid) { Device = isDevice ? device : default };
            return name.TryCreate(node, out _, out error) ? Errno.None : error;
        }
    }

    /// <summary>Makes the file of a socket that is bound to a path.</summary>
    /// <param name="mode">The permissions that the umask takes from.</param>
    /// <param name="inode">With one more user, which is the caller's.</param>
    /// <errors>EEXIST. ENOMEM. The rest as <see cref="MakeDirectory"/>.</errors>
    /// <source>unix(7), "Pathname socket ownership and permissions".</source>
    public static Errno MakeSocket(in FileCaller caller, ReadOnlySpan<byte> path, uint mode, out Inode? inode)
    {
        inode = null;
        if (!NewName.TryReserve(caller, default, path, forDirectory: false, out NewName name, out Errno error)) return error;
        using (name)
        {
            error = Permission.CheckCreation(name.Directory, caller.Credentials);
            if (error != Errno.None) return error;

            uint permissions = mode & PermissionMask & ~caller.Context.Umask;
            NewNode node = NewNode.For(name.Directory, Mode.S_IFSOCK | permissions, caller.Credentials);
            if (!name.TryCreate(node, out Inode? created, out error)) return error;

            // The directory's lock keeps the name, and that the inode.
            bool isAlive = created.TryAddUser();
            System.Diagnostics.Debug.Assert(isAlive);
            inode = created;
            return Errno.None;
        }
    }
}
