using System;
using Cashew.Abi;

namespace Cashew.Files;

public static partial class FileTree
{
    /// <summary>Cuts a file off or extends it with a hole.</summary>
    /// <param name="limitBytes">RLIMIT_FSIZE of the caller.</param>
    /// <errors>EINVAL: negative, or no regular file. EISDIR. EACCES. EROFS. EFBIG: beyond the limit (the
    /// caller raises SIGXFSZ) or the file system's own. ETXTBSY.</errors>
    /// <source>truncate(2): the times change "if the size changed".</source>
    public static Errno Truncate(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, long lengthBytes, long limitBytes)
    {
        if (lengthBytes < 0) return Errno.EINVAL;
        if (!PathWalk.TryLocate(
            caller, start, path, WalkFlags.FollowLast, out PathLocation place, out Errno error))
        {
            return error;
        }

        Inode inode = place.Inode;
        if (inode.IsDirectory) return Errno.EISDIR;
        if (!inode.IsRegular) return Errno.EINVAL;
        if (place.Mount.IsReadOnly) return Errno.EROFS;
        error = Permission.Check(inode, AccessModes.Write, caller.Credentials);
        if (error != Errno.None) return error;
        if ((inode.Flags & FileFlags.AppendOnly) != 0) return Errno.EPERM;
        if (!inode.TryAddWriter()) return Errno.ETXTBSY;
        error = SetLength(place, inode, lengthBytes, limitBytes);
        inode.DropWriter();
        return error;
    }

    /// <summary>The same for an open file.</summary>
    /// <errors>EINVAL: not open for writing, or no regular file.</errors>
    /// <source>ftruncate(2).</source>
    public static Errno Truncate(OpenFile file, long lengthBytes, long limitBytes)
    {
        if (lengthBytes < 0 || !file.Inode.IsRegular || !file.CanWrite) return Errno.EINVAL;
        if ((file.Inode.Flags & FileFlags.AppendOnly) != 0) return Errno.EPERM;
        return SetLength(file.Location, file.Inode, lengthBytes, limitBytes);
    }

    private static Errno SetLength(PathLocation place, Inode inode, long lengthBytes, long limitBytes)
    {
        if (lengthBytes > limitBytes && lengthBytes > inode.LengthBytes) return Errno.EFBIG;
        if (!inode.TryAddUser()) return Errno.ENOENT;

        // The times change even when the length does not.
        Errno error = Errno.None;
        if (lengthBytes == inode.LengthBytes) inode.TouchModified();
        else error = inode.SetLength(lengthBytes);
        if (error == Errno.None) inode.DropPrivilegeBits();
        inode.ReleaseUser();
        return Tell(error, place, inode, InotifyBits.IN_MODIFY);
    }
}
