using System;
using Cashew.Abi;

namespace Cashew.Files;

public static partial class FileTree
{
    private const uint DirectoryModeMask = 0x1FF | Mode.S_ISVTX;

    /// <summary>Makes an empty directory.</summary>
    /// <errors>EEXIST, ENOENT, EROFS (see <see cref="NewName"/>); EACCES; EPERM: the file system has no such
    /// thing; ENOSPC.</errors>
    /// <source>mkdir(2); of the mode, the permission bits and the sticky bit count.</source>
    public static Errno MakeDirectory(in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, uint mode)
    {
        if (!NewName.TryReserve(caller, start, path, forDirectory: true, out NewName name, out Errno error)) return error;
        using (name)
        {
            error = Permission.CheckCreation(name.Directory, caller.Credentials);
            if (error != Errno.None) return error;

            uint permissions = mode & DirectoryModeMask & ~caller.Context.Umask;
            NewNode node = NewNode.For(name.Directory, Mode.S_IFDIR | permissions, caller.Credentials);
            return name.TryCreate(node, out _, out error) ? Errno.None : error;
        }
    }
}
