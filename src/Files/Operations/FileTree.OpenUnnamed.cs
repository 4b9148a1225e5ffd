using System;
using Cashew.Abi;

namespace Cashew.Files;

public static partial class FileTree
{
    /// <summary>Makes a file without a name (O_TMPFILE) on the file system of a directory.</summary>
    /// <errors>ENOTDIR: the path leads to no directory. EOPNOTSUPP: the file system has no such files. EROFS,
    /// EACCES: as for a file with a name. ENOSPC.</errors>
    /// <source>open(2), O_TMPFILE: with O_EXCL it never gets a name.</source>
    private static Errno OpenUnnamed(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, uint flags, uint mode, out OpenFile? file)
    {
        file = null;
        WalkFlags walk = (flags & OpenBits.O_NOFOLLOW) != 0 ? WalkFlags.None : WalkFlags.FollowLast;
        if (!PathWalk.TryFind(caller, start, path, walk | WalkFlags.Directory, out PathLocation parent, out Errno error))
        {
            return error;
        }

        error = CreateUnnamed(caller, parent, flags, mode, out PathLocation location);
        parent.Unpin();
        if (error != Errno.None) return error;

        // It is made, so nothing is left of what only the making needs; permissions are not looked at.
        const uint ofMaking = TemporaryBit | OpenBits.O_DIRECTORY | OpenBits.O_TRUNC;
        error = Open(new OpenRequest(caller, location, flags & ~ofMaking), out file);
        if (error == Errno.None) file!.ShowFlags(OpenBits.O_TMPFILE);
        return error;
    }

    // The location is pinned, and the inode has a user.
    private static Errno CreateUnnamed(
        in FileCaller caller, PathLocation parent, uint flags, uint mode, out PathLocation location)
    {
        location = default;
        Inode directory = parent.Inode;
        if (parent.Mount.IsReadOnly) return Errno.EROFS;
        Errno error = Permission.Check(directory, AccessModes.Write | AccessModes.Execute, caller.Credentials);
        if (error != Errno.None) return error;

        uint permissions = mode & PermissionMask & ~caller.Context.Umask;
        NewNode node = NewNode.For(directory, Mode.S_IFREG | permissions, caller.Credentials);
        if (!directory.TryCreateUnnamed(node, out Inode? inode, out error)) return error;

        bool isUsed = inode.TryAddUser();
        System.Diagnostics.Debug.Assert(isUsed, "nobody else knows it");
        inode.IsLinkable = (flags & OpenBits.O_EXCL) == 0;
        inode.DropLinks();

        ByteBuilder name = new();
        name.Append((byte)'#').Append(inode.Number);
        location = new PathLocation(parent.Mount, Dentry.Unnamed(parent.Dentry, name.ToArray(), inode));
        bool isPinned = location.TryPin();
        System.Diagnostics.Debug.Assert(isPinned, "the directory is pinned, and so is its mount");
        return Errno.None;
    }
}
