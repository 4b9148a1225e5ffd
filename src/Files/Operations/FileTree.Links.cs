using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files;

public static partial class FileTree
{
    private const uint SymlinkPermissions = 0x1FF;

    /// <summary>Makes a symbolic link.</summary>
    /// <errors>ENOENT: the target is empty. ENAMETOOLONG: it is longer than any path. The rest as
    /// <see cref="MakeDirectory"/>.</errors>
    /// <source>symlink(2); the umask does not matter.</source>
    public static Errno MakeSymlink(
        in FileCaller caller, ReadOnlySpan<byte> target, PathLocation start, ReadOnlySpan<byte> path)
    {
        if (target.IsEmpty) return Errno.ENOENT;
        if (target.Length > NameRules.MaxPathBytes) return Errno.ENAMETOOLONG;
        if (!NewName.TryReserve(caller, start, path, forDirectory: false, out NewName name, out Errno error)) return error;
        using (name)
        {
            error = Permission.CheckCreation(name.Directory, caller.Credentials);
            if (error != Errno.None) return error;

            NewNode plain = NewNode.For(name.Directory, Mode.S_IFLNK | SymlinkPermissions, caller.Credentials);
            NewNode node = new(plain.Mode, plain.Uid, plain.Gid) { Target = target.ToArray() };
            return name.TryCreate(node, out _, out error) ? Errno.None : error;
        }
    }

    /// <summary>Gives an existing file one more name.</summary>
    /// <param name="flags">FollowLast: of a symbolic link, the file it leads to gets the name. AllowEmpty:
    /// the start itself is the file (the system call checks CAP_DAC_READ_SEARCH).</param>
    /// <errors>EXDEV: on another mount. EPERM: a directory, or forbidden by <see cref="FileProtections"/>.
    /// ENOENT: the file has lost its last name.</errors>
    /// <source>link(2), linkat(2).</source>
    public static Errno MakeLink(
        in FileCaller caller, PathLocation oldStart, ReadOnlySpan<byte> oldPath, WalkFlags flags, PathLocation newStart,
        ReadOnlySpan<byte> newPath)
    {
        if (!PathWalk.TryFind(caller, oldStart, oldPath, flags, out PathLocation old, out Errno error)) return error;

        error = MakeLink(caller, old, newStart, newPath);
        old.Unpin();
        return error;
    }

    private static Errno MakeLink(
        in FileCaller caller, PathLocation old, PathLocation newStart, ReadOnlySpan<byte> newPath)
    {
        if (!NewName.TryReserve(caller, newStart, newPath, forDirectory: false, out NewName name, out Errno error))
        {
            return error;
        }

        using (name)
        {
            if (!ReferenceEquals(old.Mount, name.Parent.Mount)) return Errno.EXDEV;
            error = FileProtections.CheckLink(old.Inode, caller.Credentials);
            if (error != Errno.None) return error;
            error = Permission.CheckCreation(name.Directory, caller.Credentials);
            if (error != Errno.None) return error;
            bool isFixed = (old.Inode.Flags & FileFlags.Fixed) != 0;
            return isFixed || old.Inode.IsDirectory ? Errno.EPERM : name.Link(old.Inode);
        }
    }

    /// <summary>The text of a symbolic link. The array is never changed.</summary>
    /// <errors>EINVAL: no symbolic link. ENOENT instead, when the path was empty and the start is none
    /// either.</errors>
    /// <source>readlink(2).</source>
    public static bool TryReadLink(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, [NotNullWhen(true)] out byte[]? target,
        out Errno error)
    {
        target = null;
        if (!PathWalk.TryFindInode(
            caller, start, path, WalkFlags.AllowEmpty, out Mount? mount, out Inode? inode, out error))
        {
            return false;
        }

        if (!inode.IsSymbolicLink)
        {
            error = path.IsEmpty ? Errno.ENOENT : Errno.EINVAL;
            return false;
        }

        mount.TouchAccessed(inode);
        return inode.TryReadLink(caller, out target, out error);
    }
}
