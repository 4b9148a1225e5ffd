using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files;

public static partial class FileTree
{
    // The bit by which O_TMPFILE differs from O_DIRECTORY.
    private const uint TemporaryBit = OpenBits.O_TMPFILE & ~OpenBits.O_DIRECTORY;
    private const uint PathFlags = OpenBits.O_PATH | OpenBits.O_DIRECTORY | OpenBits.O_NOFOLLOW | OpenBits.O_CLOEXEC;

    // Unknown bits are ignored by open(2); openat2(2) refuses them, which its system call does.
    private const uint KnownFlags = OpenBits.O_ACCMODE | OpenBits.O_CREAT | OpenBits.O_EXCL | OpenBits.O_NOCTTY
        | OpenBits.O_TRUNC | OpenBits.O_APPEND | OpenBits.O_NONBLOCK | OpenBits.O_SYNC | OpenBits.O_ASYNC
        | OpenBits.O_DIRECT | OpenBits.O_LARGEFILE | OpenBits.O_DIRECTORY | OpenBits.O_NOFOLLOW | OpenBits.O_NOATIME
        | OpenBits.O_CLOEXEC | OpenBits.O_PATH | OpenBits.O_TMPFILE;

    /// <summary>Opens a file, which it makes if that is wanted and needed.</summary>
    /// <errors>
    /// EINVAL: flags that contradict each other. EEXIST: O_EXCL, and there is something. EISDIR: a directory
    /// is to be written or made. ENOTDIR: O_DIRECTORY, and it is none. ELOOP: O_NOFOLLOW, and it is a
    /// symbolic link.
    /// ETXTBSY: a program that runs is to be written. EACCES, EPERM: no permission (O_NOATIME is for the
    /// owner). EROFS. ENXIO: a socket, a device without a driver, a FIFO without a reader. EOPNOTSUPP:
    /// O_TMPFILE, which the file system does not know. And those of <see cref="PathWalk"/>.
    /// </errors>
    /// <source>open(2).</source>
    public static bool TryOpen(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, uint flags, uint mode,
        [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        file = null;
        error = CheckFlags(ref flags);
        if (error != Errno.None) return false;
        if (path.Length > NameRules.MaxPathBytes) error = Errno.ENAMETOOLONG;
        if (path.IsEmpty) error = Errno.ENOENT;
        if (error != Errno.None) return false;

        do
        {
            error = (flags & OpenBits.O_CREAT) != 0 ? OpenOrCreate(caller, start, path, flags, mode, out file)
                : (flags & TemporaryBit) != 0 ? OpenUnnamed(caller, start, path, flags, mode, out file)
                : OpenPath(caller, start, path, flags, out file);
        }
        while (error == Errno.ESTALE);
        if (error == Errno.None) error = FinishOpen(ref file);
        return error == Errno.None;
    }

    // The open of a FIFO waits for the other end; no lock is held any more.
    private static Errno FinishOpen(ref OpenFile? file)
    {
        Errno error = Blocking.CompleteOpen(file!);
        bool isDirect = (file!.StatusFlags & OpenBits.O_DIRECT) != 0 && !file.IsPathOnly && !file.KnowsDirect;
        if (error == Errno.None && isDirect) error = Errno.EINVAL;
        if (error == Errno.None)
        {
            if (FileWatches.AreThere && !file!.IsPathOnly) FileWatches.Report(file, InotifyBits.IN_OPEN);
            return error;
        }

        file!.Release();
        file = null;
        return error;
    }

    private static Errno CheckFlags(ref uint flags)
    {
        flags &= KnownFlags;
        if ((flags & OpenBits.O_PATH) != 0)
        {
            flags &= PathFlags;
            return Errno.None;
        }

        if ((flags & TemporaryBit) != 0)
        {
            bool isWritten = (flags & OpenBits.O_ACCMODE) is OpenBits.O_WRONLY or OpenBits.O_RDWR;
            bool isValid = (flags & (OpenBits.O_DIRECTORY | OpenBits.O_CREAT)) == OpenBits.O_DIRECTORY && isWritten;
            return isValid ? Errno.None : Errno.EINVAL;
        }

        // open(2), BUGS: since Linux 6.4 this is refused; before, it made a regular file.
        const uint contradiction = OpenBits.O_CREAT | OpenBits.O_DIRECTORY;
        return (flags & contradiction) == contradiction ? Errno.EINVAL : Errno.None;
    }

    private static Errno OpenPath(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, uint flags, out OpenFile? file)
    {
        file = null;
        WalkFlags walk = (flags & OpenBits.O_NOFOLLOW) != 0 ? WalkFlags.None : WalkFlags.FollowLast;
        return PathWalk.TryFind(caller, start, path, walk, out PathLocation found, out Errno error)
            ? OpenExisting(new OpenRequest(caller, found, flags), out file)
            : error;
    }

    // ---- creation
    // ---------------------------------------------------------------------------------------------

    private static Errno OpenOrCreate(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, uint flags, uint mode, out OpenFile? file)
    {
        file = null;
        PathWalker walker = new(caller, start, path, stopsAtParent: true, followsLast: false);
        while (true)
        {
            Errno error = walker.Walk();
            if (error != Errno.None) return error;
            if (walker.LastKind == LastComponent.Root && !walker.Inode.IsDirectory)
            {
                // No name has led here but a link of /proc/PID/fd, and that to the file itself.
                if (!walker.At.TryPin()) return Errno.ESTALE;
                return OpenExisting(new OpenRequest(caller, walker.At, flags), out file);
            }

            if (walker.LastKind != LastComponent.Name || walker.HasTrailingSlash) return CreationInPlaceOfDirectory(walker, flags);
            if (!walker.At.TryPin()) return Errno.ESTALE;

            using LastName last = new(walker);
            error = OpenLast(caller, last, flags, mode, out file, out PathLocation link);
            if (link.IsNone) return error;
            error = walker.FollowLast(link.Mount, link.Inode);
            if (error != Errno.None) return error;
        }
    }

    // A path that ends in a slash or a dot means a directory, which open cannot make and O_CREAT does not
    // open.
    private static Errno CreationInPlaceOfDirectory(in PathWalker walker, uint flags)
        => walker.LastKind != LastComponent.Name && (flags & OpenBits.O_EXCL) != 0 ? Errno.EEXIST : Errno.EISDIR;

    /// <param name="link">A symbolic link that is to be followed before anything else.</param>
    private static Errno OpenLast(
        in FileCaller caller, LastName last, uint flags, uint mode, out OpenFile? file, out PathLocation link)
    {
        file = null;
        link = default;
        if (last.Name.Length > NameRules.MaxNameBytes) return Errno.ENAMETOOLONG;

        // The usual case first, without the directory's lock: the file exists, and the cache knows.
        Dentry? child = last.Parent.Dentry.FindChild(last.Name, last.Hash);
        if (child is null or { IsNegative: true })
        {
            using SleepLock.Guard guard = last.Directory.Lock!.Acquire();
            Errno error = last.ProbeLocked(out Inode? existing, out Dentry? negative);
            if (error != Errno.None) return error;
            if (existing is null) return CreateLocked(caller, last, negative, flags, mode, out file);
            if (!last.TryFindLocked(out child, out error)) return error;
        }

        PathLocation location = Mounts.Descend(new PathLocation(last.Parent.Mount, child));
        bool staysHere = (caller.Rules & ResolveRules.NoOtherMounts) != 0;
        if (staysHere && !ReferenceEquals(location.Mount, last.Parent.Mount)) return Errno.EXDEV;
        bool isExclusive = (flags & OpenBits.O_EXCL) != 0;
        if (location.Inode.IsSymbolicLink && !isExclusive && (flags & OpenBits.O_NOFOLLOW) == 0)
        {
            link = location;
            return Errno.None;
        }

        if (isExclusive) return Errno.EEXIST;
        Errno trap = FileProtections.CheckCreation(last.Directory, location.Inode, caller.Credentials);
        if (trap != Errno.None) return trap;
        return location.TryPin() ? OpenExisting(new OpenRequest(caller, location, flags), out file) : Errno.ESTALE;
    }

    private static Errno CreateLocked(
        in FileCaller caller, LastName last, Dentry? negative, uint flags, uint mode, out OpenFile? file)
    {
        file = null;
        Inode directory = last.Directory;
        if (last.Parent.Mount.IsReadOnly) return Errno.EROFS;
        Errno error = Permission.CheckCreation(directory, caller.Credentials);
        if (error != Errno.None) return error;

        uint permissions = mode & PermissionMask & ~caller.Context.Umask;
        NewNode node = NewNode.For(directory, Mode.S_IFREG | permissions, caller.Credentials);

        // Where nothing can be created, open(2) says EACCES and mknod(2) EPERM.
        if (!directory.TryCreate(last.Name, node, out Inode? inode, out error))
        {
            return error == Errno.EPERM ? Errno.EACCES : error;
        }

        Dentry child = last.RememberLocked(inode, negative);
        if (FileWatches.AreThere) FileWatches.ReportEntry(directory, last.Name, inode, InotifyBits.IN_CREATE);
        PathLocation location = new(last.Parent.Mount, child);
        if (!location.Mount.TryPin() || !inode.TryAddUser())
        {
            // The parent's pin holds the mount, and the lock that we hold keeps the name.
            System.Diagnostics.Debug.Fail("a new file vanished under its directory's lock");
        }

        // No check of the file's own permissions: whoever made it may open it as asked, even read-only files
        // for writing.
        // There is nothing to cut off either.
        return Open(new OpenRequest(caller, location, flags & ~OpenBits.O_TRUNC), out file);
    }

    // ---- opening
    // ----------------------------------------------------------------------------------------------

    /// <summary>Opens a place that is already found, for /proc/PID/fd and exec. Takes over its
    /// pins.</summary>
    /// <errors>ESTALE: the file has gone meanwhile. The rest as for a path.</errors>
    public static bool TryOpen(in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        error = OpenExisting(request, out file);
        if (error == Errno.None) error = FinishOpen(ref file);
        return error == Errno.None;
    }

    private static Errno OpenExisting(in OpenRequest request, out OpenFile? file)
    {
        file = null;
        Inode inode = request.Location.Inode;
        Errno error = CheckOpen(request, inode);
        if (error == Errno.None && !inode.TryAddUser()) error = DentryCache.ForgetRemoved(request.Location);
        if (error == Errno.None) return Open(request, out file);

        request.Location.Unpin();
        return error;
    }

    private static Errno CheckOpen(in OpenRequest request, Inode inode)
    {
        if (request.Has(OpenBits.O_CREAT) && inode.IsDirectory) return Errno.EISDIR;
        if (request.Has(OpenBits.O_DIRECTORY) && !inode.IsDirectory) return Errno.ENOTDIR;
        if (request.Has(OpenBits.O_PATH)) return Errno.None;

        AccessModes wanted = WantedBy(request.Flags);
        bool writes = (wanted & AccessModes.Write) != 0;
        Mount mount = request.Location.Mount;
        switch (inode.Type)
        {
            case InodeType.SymbolicLink:
                return Errno.ELOOP;
            case InodeType.Directory when writes:
                return Errno.EISDIR;
            case InodeType.CharacterDevice or InodeType.BlockDevice when mount.Has(MountOptions.NoDevices):
                return Errno.EACCES;
            case InodeType.Regular when writes && mount.IsReadOnly:
                return Errno.EROFS;
        }

        Errno error = Permission.Check(inode, wanted, request.Caller.Credentials);
        if (error != Errno.None) return error;
        if ((inode.Flags & FileFlags.AppendOnly) != 0 && writes)
        {
            // Only what goes to the end.
            bool onlyAppends = request.Has(OpenBits.O_APPEND) && !request.Has(OpenBits.O_TRUNC);
            if (!onlyAppends) return Errno.EPERM;
        }

        bool mayHideAccess = Permission.IsOwnerOrCapable(inode, request.Caller.Credentials);
        return request.Has(OpenBits.O_NOATIME) && !mayHideAccess ? Errno.EPERM : Errno.None;
    }

    private static AccessModes WantedBy(uint flags)
    {
        AccessModes wanted = (flags & OpenBits.O_ACCMODE) switch
        {
            OpenBits.O_RDONLY => AccessModes.Read,
            OpenBits.O_WRONLY => AccessModes.Write,
            _ => AccessModes.Read | AccessModes.Write,
        };
        return (flags & OpenBits.O_TRUNC) != 0 ? wanted | AccessModes.Write : wanted;
    }

    /// <summary>All checks are done; the inode has its user, and the location its pins.</summary>
    private static Errno Open(in OpenRequest request, out OpenFile? file)
    {
        Inode inode = request.Location.Inode;
        if (request.Has(OpenBits.O_PATH))
        {
            file = new PathOnlyFile(request);
            return Errno.None;
        }

        // A program that runs must not change under it.
        file = null;
        Errno error = Errno.ETXTBSY;
        bool isWriter = inode.IsRegular && (WantedBy(request.Flags) & AccessModes.Write) != 0;
        bool isCounted = isWriter && TryCountWriter(request.Location, ref error);
        if (isWriter != isCounted || !inode.TryOpen(request, out file, out error))
        {
            if (isCounted) UncountWriter(request.Location);
            inode.ReleaseUser();
            request.Location.Unpin();
            return error;
        }

        if (isCounted) file.MarkAsWriter();
        if (!request.Has(OpenBits.O_TRUNC) || !inode.IsRegular) return Errno.None;
        error = inode.SetLength(0);
        if (error == Errno.None)
        {
            inode.DropPrivilegeBits();
            return Tell(error, request.Location, inode, InotifyBits.IN_MODIFY);
        }

        file.Release();
        file = null;
        return error;
    }

    private static bool TryCountWriter(PathLocation location, ref Errno error)
    {
        if (!location.Mount.TryAddWriter())
        {
            error = Errno.EROFS;
            return false;
        }

        if (location.Inode.TryAddWriter()) return true;
        location.Mount.DropWriter();
        return false;
    }

    private static void UncountWriter(PathLocation location)
    {
        location.Inode.DropWriter();
        location.Mount.DropWriter();
    }
}
