using System.Threading;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Rules against traps in directories that everybody may write to, as /tmp;
/// /proc/sys/fs/protected_*.</summary>
/// <source>proc_sys_fs(5). The first two are on as in Debian's kernel.</source>
public static class FileProtections
{
    private static long s_links = 1;
    private static long s_symlinks = 1;
    private static long s_fifos;
    private static long s_regularFiles;

    /// <summary>Only who may read and write a file may link it.</summary>
    public static long Links { get => Volatile.Read(ref s_links); set => Volatile.Write(ref s_links, value); }

    /// <summary>Nobody follows another's symbolic link in a sticky directory.</summary>
    public static long Symlinks { get => Volatile.Read(ref s_symlinks); set => Volatile.Write(ref s_symlinks, value); }

    /// <summary>Who wants to make a FIFO gets no other's; with 2, not even where only a group may
    /// write.</summary>
    public static long Fifos { get => Volatile.Read(ref s_fifos); set => Volatile.Write(ref s_fifos, value); }

    /// <summary>The same for regular files.</summary>
    public static long RegularFiles
    {
        get => Volatile.Read(ref s_regularFiles);
        set => Volatile.Write(ref s_regularFiles, value);
    }

    /// <errors>EPERM: the file belongs to another who may have reasons not to want it linked.</errors>
    internal static Errno CheckLink(Inode inode, Credentials credentials)
    {
        const uint groupExecutable = Mode.S_ISGID | Mode.S_IXGRP;
        if (Links == 0 || Permission.IsOwnerOrCapable(inode, credentials)) return Errno.None;
        uint mode = inode.Mode;
        bool isHarmless = inode.IsRegular && (mode & Mode.S_ISUID) == 0 && (mode & groupExecutable) != groupExecutable;
        return isHarmless && Permission.Check(inode, AccessModes.Read | AccessModes.Write, credentials) == Errno.None
            ? Errno.None
            : Errno.EPERM;
    }

    /// <errors>EACCES: the link is another's, in a directory where anybody can put one.</errors>
    internal static Errno CheckFollow(Inode directory, Inode link, Credentials credentials)
    {
        const uint anybodys = Mode.S_ISVTX | Mode.S_IWOTH;
        if ((directory.Mode & anybodys) != anybodys || Symlinks == 0) return Errno.None;
        return link.Uid == credentials.Fsuid || link.Uid == directory.Uid ? Errno.None : Errno.EACCES;
    }

    /// <errors>EACCES: there is another's file where one was to be made.</errors>
    internal static Errno CheckCreation(Inode directory, Inode existing, Credentials credentials)
    {
        uint mode = directory.Mode;
        if ((mode & Mode.S_ISVTX) == 0) return Errno.None;
        long level = existing.Type switch
        {
            InodeType.Fifo => Fifos,
            InodeType.Regular => RegularFiles,
            _ => 1, // sockets, devices and links: never one's own file, and nothing to switch off
        };
        if (level == 0 || existing.Uid == directory.Uid || existing.Uid == credentials.Fsuid) return Errno.None;
        bool isOpen = (mode & Mode.S_IWOTH) != 0 || ((mode & Mode.S_IWGRP) != 0 && level > 1);
        return isOpen ? Errno.EACCES : Errno.None;
    }
}
