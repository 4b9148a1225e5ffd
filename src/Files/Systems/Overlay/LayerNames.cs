using System;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <summary>Names in the directories of layers, asked for and changed past the walks that programs take
/// there.</summary>
internal static class LayerNames
{
    /// <summary>The device number of a whiteout: a name that lower layers do not show through.</summary>
    private static DeviceNumber WhiteoutDevice => new(0, 0);

    internal static bool IsWhiteout(Inode inode)
        => inode.Type == InodeType.CharacterDevice && inode.Device.Equals(WhiteoutDevice);

    internal static NewNode WhiteoutNode => new(Mode.S_IFCHR, 0, 0) { Device = WhiteoutDevice };

    /// <summary>The file of that name, a whiteout included; none is no error.</summary>
    /// <locking>Takes the directory's lock.</locking>
    internal static Errno Find(Inode directory, ReadOnlySpan<byte> name, out Inode? found)
    {
        using SleepLock.Guard guard = directory.Lock!.Acquire();
        if (directory.TryLookup(name, out found, out Errno error) || error == Errno.ENOENT) return Errno.None;
        return error;
    }

    /// <summary>The dentry cache does not know the name any more: it is, or was, another file's.</summary>
    /// <locking>The directory's lock is held.</locking>
    internal static void Forget(Inode directory, ReadOnlySpan<byte> name)
    {
        if (directory.LatestEntry is not { IsDead: false } parent) return;
        Dentry? cached = DentryTable.FindExactly(parent, name, NameRules.Hash(name));
        if (cached is null || !cached.TryPin()) return;
        DentryCache.Unlink(cached);
        cached.Unpin();
    }
}
