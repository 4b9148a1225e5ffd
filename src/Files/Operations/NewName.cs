using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>A name that is about to get a file: its directory is locked, and there is nothing of that
/// name.</summary>
internal ref struct NewName : IDisposable
{
    private LastName _last;
    private SleepLock.Guard _guard;
    private Dentry? _negative;

    internal readonly Inode Directory => _last.Directory;
    internal readonly PathLocation Parent => _last.Parent;

    /// <errors>EEXIST: there is something, also when the path ends in a dot. ENOENT: a slash follows what is
    /// not to be a directory. EROFS. And those of <see cref="PathWalk"/>.</errors>
    /// <source>mkdir(2), mknod(2), symlink(2), link(2): that the file exists is said first, then that it
    /// cannot be made here.
    /// </source>
    internal static bool TryReserve(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, bool forDirectory, out NewName name,
        out Errno error)
    {
        name = default;
        if (!PathWalk.TryFindParent(caller, start, path, out LastName last, out error)) return false;

        if (last.Kind != LastComponent.Name)
        {
            last.Dispose();
            error = Errno.EEXIST;
            return false;
        }

        name._last = last;
        name._guard = last.Directory.Lock!.Acquire();
        error = name.CheckLocked(forDirectory);
        if (error == Errno.None) return true;
        name.Dispose();
        return false;
    }

    /// <summary>Makes the file, which the caller has found permitted.</summary>
    internal bool TryCreate(in NewNode node, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        if (!Directory.TryCreate(_last.Name, node, out inode, out error)) return false;
        _last.RememberLocked(inode, _negative).Unpin();
        Tell(inode);
        return true;
    }

    /// <summary>Makes the name another one of an existing file.</summary>
    internal Errno Link(Inode target)
    {
        Errno error = Directory.Link(_last.Name, target);
        if (error != Errno.None) return error;
        _last.RememberLocked(target, _negative).Unpin();
        if (FileWatches.AreThere) FileWatches.ReportOf(target, InotifyBits.IN_ATTRIB);
        Tell(target);
        return Errno.None;
    }

    public void Dispose()
    {
        _guard.Dispose();
        _last.Dispose();
    }

    private readonly void Tell(Inode inode)
    {
        if (FileWatches.AreThere) FileWatches.ReportEntry(Directory, _last.Name, inode, InotifyBits.IN_CREATE);
    }

    private Errno CheckLocked(bool forDirectory)
    {
        Errno error = _last.ProbeLocked(out Inode? existing, out _negative);
        if (error != Errno.None) return error;
        if (existing is not null) return Errno.EEXIST;
        if (_last.HasTrailingSlash && !forDirectory) return Errno.ENOENT;
        return _last.Parent.Mount.IsReadOnly ? Errno.EROFS : Errno.None;
    }
}
