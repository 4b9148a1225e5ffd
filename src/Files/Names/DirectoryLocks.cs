using System;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>The locks of both directories of a rename, in an order that cannot meet another's in a
/// circle.</summary>
/// <remarks>Everything else locks a directory and then at most a child of it. So of two related directories
/// the upper comes first; unrelated ones go by number, and the file system's rename lock, held while there
/// are two parents, keeps related what was.
/// </remarks>
internal ref struct DirectoryLocks : IDisposable
{
    private SleepLock.Guard _rename;
    private SleepLock.Guard _first;
    private SleepLock.Guard _second;
    private readonly bool _areTwo;

    private DirectoryLocks(SleepLock.Guard only)
    {
        _first = only;
    }

    private DirectoryLocks(SleepLock.Guard rename, Inode first, Inode second)
    {
        _rename = rename;
        _first = first.Lock!.Acquire();
        _second = second.Lock!.AcquireNested(second.Filesystem.NestedRank);
        _areTwo = true;
        DirectoryTree.BeginMove();
    }

    internal static DirectoryLocks Acquire(Dentry one, Dentry other)
    {
        Inode oneInode = one.Inode!;
        Inode otherInode = other.Inode!;
        if (ReferenceEquals(oneInode, otherInode)) return new DirectoryLocks(oneInode.Lock!.Acquire());

        SleepLock.Guard rename = oneInode.Filesystem.RenameLock.Acquire();
        bool oneFirst = DirectoryTree.IsBelow(other, one)
            || (!DirectoryTree.IsBelow(one, other) && oneInode.Number < otherInode.Number);
        return oneFirst
            ? new DirectoryLocks(rename, oneInode, otherInode)
            : new DirectoryLocks(rename, otherInode, oneInode);
    }

    public void Dispose()
    {
        if (_areTwo)
        {
            DirectoryTree.EndMove();
            _second.Dispose();
        }

        _first.Dispose();
        if (_areTwo) _rename.Dispose();
    }
}
