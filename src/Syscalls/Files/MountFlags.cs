using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Syscalls;

/// <summary>What the flags of mount(2) say about a mount.</summary>
/// <source>mount(2)</source>
internal static class MountFlags
{
    private const ulong AccessTimes = MountBits.MS_NOATIME | MountBits.MS_NODIRATIME | MountBits.MS_RELATIME
        | MountBits.MS_STRICTATIME;

    private const MountOptions AccessTimeOptions = MountOptions.NoAccessTimes | MountOptions.NoDirectoryAccessTimes
        | MountOptions.RelativeAccessTimes;

    /// <summary>Since Linux 2.4 the number in the upper half is not needed, and is ignored.</summary>
    internal static ulong WithoutMagic(ulong flags)
        => (flags & MountBits.MS_MGC_MSK) == MountBits.MS_MGC_VAL ? flags & ~MountBits.MS_MGC_MSK : flags;

    /// <summary>Relative access times unless others are asked for.</summary>
    internal static MountOptions ToOptions(ulong flags)
    {
        MountOptions options = MountOptions.None;
        if ((flags & MountBits.MS_RDONLY) != 0) options |= MountOptions.ReadOnly;
        if ((flags & MountBits.MS_NOSUID) != 0) options |= MountOptions.NoSetUid;
        if ((flags & MountBits.MS_NODEV) != 0) options |= MountOptions.NoDevices;
        if ((flags & MountBits.MS_NOEXEC) != 0) options |= MountOptions.NoExecute;
        if ((flags & MountBits.MS_NOSYMFOLLOW) != 0) options |= MountOptions.NoSymbolicLinks;
        if ((flags & MountBits.MS_NODIRATIME) != 0) options |= MountOptions.NoDirectoryAccessTimes;
        if ((flags & MountBits.MS_STRICTATIME) != 0) return options;
        bool isNever = (flags & MountBits.MS_NOATIME) != 0;
        return options | (isNever ? MountOptions.NoAccessTimes : MountOptions.RelativeAccessTimes);
    }

    /// <summary>What the flags say about the file system as a whole.</summary>
    internal static FilesystemOptions ToFilesystemOptions(ulong flags)
    {
        FilesystemOptions options = FilesystemOptions.None;
        if ((flags & MountBits.MS_SYNCHRONOUS) != 0) options |= FilesystemOptions.Synchronous;
        if ((flags & MountBits.MS_DIRSYNC) != 0) options |= FilesystemOptions.SynchronousDirectories;
        if ((flags & MountBits.MS_MANDLOCK) != 0) options |= FilesystemOptions.MandatoryLocks;
        if ((flags & MountBits.MS_LAZYTIME) != 0) options |= FilesystemOptions.LazyTimes;
        return options;
    }

    /// <summary>The options of a mount after a remount, which leaves access times as they are unless it says
    /// something about them.</summary>
    internal static MountOptions ToOptions(ulong flags, MountOptions current)
    {
        MountOptions options = ToOptions(flags);
        return (flags & AccessTimes) != 0
            ? options
            : (options & ~AccessTimeOptions) | (current & AccessTimeOptions);
    }
}
