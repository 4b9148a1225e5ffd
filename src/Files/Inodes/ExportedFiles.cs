using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>The files of one file system that somebody has a handle of, by their numbers. They are in it
/// until they go.
/// </summary>
/// <source>name_to_handle_at(2).</source>
internal sealed class ExportedFiles
{
    private readonly SleepLock _lock = new(LockRank.ExportedFiles);
    private readonly Dictionary<ulong, Dentry> _names = new();

    /// <summary>What handles have beside the number: files of another instance are other files.</summary>
    internal uint Generation { get; } = (uint)Entropy.NextUInt64();

    /// <returns>False: there is no memory for another one.</returns>
    internal bool TryAdd(Dentry dentry)
    {
        Inode inode = dentry.Inode!;
        if (!inode.TryAddUser()) return false;

        // In use, it does not go before it is noted that it is here.
        bool isAdded = KernelObjects.MayCreateName();
        if (isAdded)
        {
            using SleepLock.Guard guard = _lock.Acquire();
            _names[inode.Number] = dentry;
            inode.IsExported = true;
        }

        inode.ReleaseUser();
        return isAdded;
    }

    /// <summary>The file is no more.</summary>
    internal void Remove(ulong number)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        _ = _names.Remove(number);
    }

    /// <summary>A name of the file, pinned; not necessarily one that is in the tree.</summary>
    /// <returns>False: there is no such file, or the cache has forgotten the name of a directory, of which
    /// there must be only one.</returns>
    internal bool TryFind(ulong number, [NotNullWhen(true)] out Dentry? dentry)
    {
        using (_lock.Acquire())
        {
            if (!_names.TryGetValue(number, out dentry)) return false;
        }

        if (!dentry.IsUnlinked && dentry.TryPin()) return true;
        if (dentry.Inode!.IsDirectory) return false;
        dentry = Dentry.Detached(dentry.Inode);
        return dentry.TryPin();
    }
}
