using Cashew.Abi;

namespace Cashew.Files;

/// <summary>The permission rules of files, in one place.</summary>
/// <source>path_resolution(7) "Permissions", inode(7), capabilities(7).</source>
public static class Permission
{
    /// <summary>May these credentials do all of <paramref name="wanted"/> with the inode?</summary>
    /// <errors>
    /// EROFS: a write to a regular file, directory or symbolic link of a read-only file system.
    /// EPERM: a write to an immutable file.
    /// EACCES: the permission bits forbid it, and no capability helps.
    /// </errors>
    public static Errno Check(Inode inode, AccessModes wanted, Credentials credentials)
    {
        if ((wanted & AccessModes.Write) != 0 && inode.Filesystem.IsReadOnly && inode.Type is
            InodeType.Regular or InodeType.Directory or InodeType.SymbolicLink)
        {
            return Errno.EROFS;
        }

        bool writes = (wanted & AccessModes.Write) != 0;
        if (writes && (inode.Flags & FileFlags.Immutable) != 0) return Errno.EPERM;
        uint mode = inode.Mode;
        if (Allows(inode, mode, wanted, credentials)) return Errno.None;
        return IsOverridden(mode, wanted, credentials) ? Errno.None : Errno.EACCES;
    }

    /// <summary>The check of every directory that a path leads through; the hottest of all.</summary>
    public static Errno CheckSearch(Inode directory, Credentials credentials)
    {
        // Almost all directories can be searched by everybody: then it does not matter who asks.
        const uint executeForAll = 0b001_001_001;
        uint mode = directory.Mode;
        if ((mode & executeForAll) == executeForAll) return Errno.None;
        if (Allows(directory, mode, AccessModes.Execute, credentials)) return Errno.None;
        return IsOverridden(mode, AccessModes.Execute, credentials) ? Errno.None : Errno.EACCES;
    }

    /// <summary>May these credentials do what only the owner of the file may?</summary>
    public static bool IsOwnerOrCapable(Inode inode, Credentials credentials)
        => credentials.Fsuid == inode.Uid || credentials.Has(Capability.CAP_FOWNER);

    /// <summary>May an entry for <paramref name="victim"/> be taken out of
    /// <paramref name="directory"/>?</summary>
    /// <errors>
    /// EACCES: the directory may not be written or searched. EPERM: it is sticky, and neither it nor the file
    /// belongs to the caller. ENOTDIR, EISDIR: the victim is not of the kind the caller removes. ENOENT: the
    /// directory is gone itself.
    /// </errors>
    public static Errno CheckRemoval(Inode directory, Inode victim, bool wantsDirectory, Credentials credentials)
    {
        Errno error = Check(directory, AccessModes.Write | AccessModes.Execute, credentials);
        if (error != Errno.None) return error;
        if ((directory.Flags & FileFlags.AppendOnly) != 0 || (victim.Flags & FileFlags.Fixed) != 0) return Errno.EPERM;
        if (IsStickyFor(directory, victim, credentials)) return Errno.EPERM;
        if (wantsDirectory && !victim.IsDirectory) return Errno.ENOTDIR;
        if (!wantsDirectory && victim.IsDirectory) return Errno.EISDIR;
        return directory.IsRemoved ? Errno.ENOENT : Errno.None;
    }

    /// <summary>May an entry be added to the directory?</summary>
    public static Errno CheckCreation(Inode directory, Credentials credentials)
        => directory.IsRemoved
            ? Errno.ENOENT
            : Check(directory, AccessModes.Write | AccessModes.Execute, credentials);

    private static bool Allows(Inode inode, uint mode, AccessModes wanted, Credentials credentials)
    {
        uint bits = mode;
        if (credentials.Fsuid == inode.Uid) bits = mode >> 6;
        else if (((mode >> 3) & 7) != (mode & 7) && credentials.IsInGroup(inode.Gid)) bits = mode >> 3;
        return ((uint)wanted & ~bits & 7) == 0;
    }

    private static bool IsOverridden(uint mode, AccessModes wanted, Credentials credentials)
    {
        bool isDirectory = (mode & Abi.Mode.S_IFMT) == Abi.Mode.S_IFDIR;
        if (credentials.Has(Capability.CAP_DAC_READ_SEARCH))
        {
            if (isDirectory && (wanted & AccessModes.Write) == 0) return true;
            if (wanted == AccessModes.Read) return true;
        }

        // Not even root executes a file that has no execute bit at all.
        const uint anyExecute = 0b001_001_001;
        bool isExecutable = isDirectory || (mode & anyExecute) != 0;
        return ((wanted & AccessModes.Execute) == 0 || isExecutable) && credentials.Has(Capability.CAP_DAC_OVERRIDE);
    }

    private static bool IsStickyFor(Inode directory, Inode victim, Credentials credentials)
    {
        if ((directory.Mode & Abi.Mode.S_ISVTX) == 0) return false;
        if (credentials.Fsuid == victim.Uid || credentials.Fsuid == directory.Uid) return false;
        return !credentials.Has(Capability.CAP_FOWNER);
    }
}
