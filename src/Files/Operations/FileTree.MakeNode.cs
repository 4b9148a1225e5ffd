using System;
using Cashew.Abi;

namespace Cashew.Files;

public static partial class FileTree
{
    /// <summary>Makes a regular file, FIFO, socket or device node.</summary>
    /// <errors>
    /// EPERM: the type is a directory, or a device and the caller lacks CAP_MKNOD. EINVAL: there is no such type. The rest as
    /// <see cref="MakeDirectory"/>.
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
            if (isDevice && !caller.Credentials.Has(Capability.CAP_MKNOD)) return Errno.EPERM;

            uint permissions = mode & PermissionMask & ~caller.Context.Umask;
            NewNode plain = NewNode.For(name.Directory, type | permissions, caller.Credentials);
            NewNode node = new(plain.Mode, plain.Uid, plain.Gid) { Device = isDevice ? device : default };
            return name.TryCreate(node, out _, out error) ? Errno.None : error;
        }
    }
}
