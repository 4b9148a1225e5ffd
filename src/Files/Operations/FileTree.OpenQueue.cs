using System;
using System.Diagnostics;
using Cashew.Abi;
using Cashew.Files.Systems;
using Cashew.Tasks;

namespace Cashew.Files;

public static partial class FileTree
{
    /// <summary>Opens a message queue by its name below a root that nothing is mounted on.</summary>
    /// <inheritdoc cref="MqueueFilesystem.TryOpen"/>
    internal static bool TryOpenQueue(
        in FileCaller caller, PathLocation root, ReadOnlySpan<byte> name, uint flags, uint mode, MqueueShape? shape,
        out OpenFile? file, out Errno error)
    {
        do
        {
            error = OpenQueue(caller, root, name, flags, mode, shape, out file);
        }
        while (error == Errno.ESTALE);
        if (error == Errno.None) error = FinishOpen(ref file);
        return error == Errno.None;
    }

    private static Errno OpenQueue(
        in FileCaller caller, PathLocation root, ReadOnlySpan<byte> name, uint flags, uint mode, MqueueShape? shape,
        out OpenFile? file)
    {
        file = null;
        const uint kept = OpenBits.O_ACCMODE | OpenBits.O_NONBLOCK | OpenBits.O_APPEND | OpenBits.O_CLOEXEC;
        uint openFlags = flags & kept;
        PathWalker walker = new(caller, root, name, stopsAtParent: true, followsLast: false);
        Errno error = walker.Walk();
        if (error != Errno.None) return error;
        if (!walker.At.TryPin()) return Errno.ESTALE;

        using LastName last = new(walker);
        PathLocation found;
        using (SleepLock.Guard guard = last.Directory.Lock!.Acquire())
        {
            if (!last.TryFindLocked(out Dentry? child, out error))
            {
                bool creates = error == Errno.ENOENT && (flags & OpenBits.O_CREAT) != 0;
                return creates ? CreateQueueLocked(caller, last, openFlags, mode, shape, out file) : error;
            }

            const uint exclusive = OpenBits.O_CREAT | OpenBits.O_EXCL;
            if ((flags & exclusive) == exclusive) return Errno.EEXIST;
            if ((flags & OpenBits.O_ACCMODE) == OpenBits.O_ACCMODE) return Errno.EINVAL;
            found = new PathLocation(last.Parent.Mount, child);
            if (!found.TryPin()) return Errno.ESTALE;
        }

        return OpenExisting(new OpenRequest(caller, found, openFlags), out file);
    }

    private static Errno CreateQueueLocked(
        in FileCaller caller, LastName last, uint flags, uint mode, MqueueShape? shape, out OpenFile? file)
    {
        file = null;
        MqueueDirectory directory = (MqueueDirectory)last.Directory;
        Errno error = Permission.CheckCreation(directory, caller.Credentials);
        if (error != Errno.None) return error;

        uint permissions = mode & PermissionMask & ~caller.Context.Umask;
        NewNode node = NewNode.For(directory, Mode.S_IFREG | permissions, caller.Credentials);
        MqueueShape wanted = shape ?? MqueueShape.Default;
        if (!directory.TryCreateQueue(last.Name, node, wanted, out Inode? inode, out error)) return error;

        Dentry? negative = DentryTable.FindExactly(last.Parent.Dentry, last.Name, last.Hash);
        Dentry child = last.RememberLocked(inode, negative);
        if (FileWatches.AreThere) FileWatches.ReportEntry(directory, last.Name, inode, InotifyBits.IN_CREATE);
        PathLocation location = new(last.Parent.Mount, child);
        bool isPinned = location.Mount.TryPin() && inode.TryAddUser();
        Debug.Assert(isPinned, "the parent's pin holds the mount, and our lock the name");

        // As with other new files, whoever made it may open it as asked.
        return Open(new OpenRequest(caller, location, flags), out file);
    }
}
