using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Memory;

namespace Cashew.Files;

/// <content>
/// What can be done with a file. A file system overrides what its files can do; the rest answers what Linux
/// answers. The callers have resolved names, checked permissions and hold the directory's <see cref="Lock"/>
/// where an entry is read or changed; names are neither empty nor <c>.</c> nor <c>..</c>, and at most
/// <see cref="Names.MaxNameBytes"/> long.
/// </content>
public abstract partial class Inode
{
    // ---- directories
    // ------------------------------------------------------------------------------------------

    /// <summary>Whether what a look-up found, or that it found nothing, may be remembered. Not an entry that
    /// comes or goes by itself, as those of processes do.</summary>
    public virtual bool CachesName(Inode? found) => true;

    /// <errors>ENOENT: there is no such entry. ENOTDIR: this is not a directory.</errors>
    public virtual bool TryLookup(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        inode = null;
        error = IsDirectory ? Errno.ENOENT : Errno.ENOTDIR;
        return false;
    }

    /// <summary>Makes a file of any type and its entry; there is none of that name.</summary>
    /// <errors>EPERM: the file system does not make files of this type. ENOSPC, EDQUOT, ENOMEM.</errors>
    public virtual bool TryCreate(
        ReadOnlySpan<byte> name, in NewNode node, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        // Linux: a directory that cannot create answers EACCES to open(2) and EPERM to the others; procfs and
        // sysfs directories are meant. open(2) maps it (see Opening).
        inode = null;
        error = IsDirectory ? Errno.EPERM : Errno.ENOTDIR;
        return false;
    }

    /// <summary>Makes a file on the file system of this directory that has no name yet, but the link that the
    /// name will be.
    /// </summary>
    /// <errors>EOPNOTSUPP: the file system has no such files. ENOSPC, ENOMEM.</errors>
    public virtual bool TryCreateUnnamed(in NewNode node, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        inode = null;
        error = Errno.EOPNOTSUPP;
        return false;
    }

    /// <summary>One more name for an existing file, which is of this file system and no directory.</summary>
    public virtual Errno Link(ReadOnlySpan<byte> name, Inode target) => Errno.EPERM;

    /// <summary>Takes the entry of a file that is no directory, and a link from the file.</summary>
    public virtual Errno Unlink(ReadOnlySpan<byte> name, Inode victim) => Errno.EPERM;

    /// <summary>Takes the entry of a directory, which must be empty and stays so.</summary>
    /// <errors>ENOTEMPTY.</errors>
    public virtual Errno RemoveDirectory(ReadOnlySpan<byte> name, Inode victim) => Errno.EPERM;

    /// <summary>Moves an entry of this directory, which refers to <paramref name="moved"/>, to another name,
    /// and replaces what that referred to, if anything. Both directories' locks are held; kinds have been
    /// checked.</summary>
    /// <errors>ENOTEMPTY: <paramref name="replaced"/> is a directory with entries.</errors>
    public virtual Errno Rename(
        ReadOnlySpan<byte> name, Inode moved, Inode newParent, ReadOnlySpan<byte> newName, Inode? replaced) => Errno.EPERM;

    /// <summary>As <see cref="Rename"/>, and the old name gets another file.</summary>
    /// <param name="left">From <see cref="TryCreateUnnamed"/>; its link becomes the name.</param>
    /// <errors>EINVAL: the file system cannot. The rest as <see cref="Rename"/>.</errors>
    public virtual Errno RenameLeaving(
        ReadOnlySpan<byte> name, Inode moved, Inode newParent, ReadOnlySpan<byte> newName, Inode? replaced, Inode left)
        => Errno.EINVAL;

    /// <summary>Exchanges two entries (renameat2(2), RENAME_EXCHANGE).</summary>
    public virtual Errno Exchange(
        ReadOnlySpan<byte> name, Inode inode, Inode otherParent, ReadOnlySpan<byte> otherName, Inode other) => Errno.EINVAL;

    /// <summary>Hands the entries from <paramref name="position"/> on to the sink until it is full, and moves
    /// the position behind the last one that it took. Positions are cookies: they stay valid while others
    /// come and go.</summary>
    public virtual Errno ReadDirectory(ref long position, ref DirectorySink sink) => Errno.ENOTDIR;

    // ---- symbolic links
    // ---------------------------------------------------------------------------------------

    /// <summary>The text of a symbolic link. The array is never changed.</summary>
    public virtual bool TryReadLink(in FileCaller caller, [NotNullWhen(true)] out byte[]? target, out Errno error)
    {
        target = null;
        error = Errno.EINVAL;
        return false;
    }

    /// <summary>Links that lead to a place and not to a name, as those of /proc/self/fd do: readlink(2) shows
    /// the text, following them goes where they point even when no name leads there.</summary>
    public virtual bool IsMagicLink => false;

    public virtual bool TryFollowMagicLink(in FileCaller caller, out PathLocation target, out Errno error)
    {
        target = default;
        error = Errno.ELOOP;
        return false;
    }

    // ---- contents
    // ---------------------------------------------------------------------------------------------

    /// <summary>Opens the file; access has been checked, and the inode has been given one more
    /// user.</summary>
    /// <errors>ENXIO: a socket, or a device that nobody drives. EWOULDBLOCK, EINTR, ENODEV: of
    /// devices.</errors>
    public virtual bool TryOpen(in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
        => SpecialFiles.TryOpen(this, request, out file, out error);

    /// <summary>Cuts the file off or extends it with a hole.</summary>
    public virtual Errno SetLength(long lengthBytes) => IsDirectory ? Errno.EISDIR : Errno.EINVAL;

    /// <summary>What mappings and the loader of programs take pages from; null when there is no such
    /// thing.</summary>
    public virtual PageSource? Pages => null;

    // ---- state that belongs to open files of special inodes
    // ------------------------------------------------------

    /// <summary>The pipe behind a FIFO's inode, made by the first who opens it.</summary>
    internal virtual Pipe? Fifo { get => null; set { } }
}
