using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Syscalls;

/// <summary>What the MOUNT_ATTR_ flags say about a mount.</summary>
/// <source>fsmount(2), mount_setattr(2)</source>
internal static class MountAttributes
{
    private const ulong Simple = MountApiBits.MOUNT_ATTR_RDONLY | MountApiBits.MOUNT_ATTR_NOSUID
        | MountApiBits.MOUNT_ATTR_NODEV | MountApiBits.MOUNT_ATTR_NOEXEC | MountApiBits.MOUNT_ATTR_NODIRATIME
        | MountApiBits.MOUNT_ATTR_NOSYMFOLLOW;

    internal const ulong Known = Simple | MountApiBits.MOUNT_ATTR__ATIME;

    /// <summary>How access times are kept: one choice of three, in several bits.</summary>
    internal const MountOptions AccessTimes = MountOptions.NoAccessTimes | MountOptions.RelativeAccessTimes;

    /// <summary>All but how access times are kept.</summary>
    internal static MountOptions ToOptions(ulong flags)
    {
        MountOptions options = MountOptions.None;
        if ((flags & MountApiBits.MOUNT_ATTR_RDONLY) != 0) options |= MountOptions.ReadOnly;
        if ((flags & MountApiBits.MOUNT_ATTR_NOSUID) != 0) options |= MountOptions.NoSetUid;
        if ((flags & MountApiBits.MOUNT_ATTR_NODEV) != 0) options |= MountOptions.NoDevices;
        if ((flags & MountApiBits.MOUNT_ATTR_NOEXEC) != 0) options |= MountOptions.NoExecute;
        if ((flags & MountApiBits.MOUNT_ATTR_NODIRATIME) != 0) options |= MountOptions.NoDirectoryAccessTimes;
        if ((flags & MountApiBits.MOUNT_ATTR_NOSYMFOLLOW) != 0) options |= MountOptions.NoSymbolicLinks;
        return options;
    }

    /// <summary>The choice among the ways to keep access times; false when it is none.</summary>
    internal static bool TryToAccessTimes(ulong flags, out MountOptions options)
    {
        options = MountOptions.None;
        switch (flags & MountApiBits.MOUNT_ATTR__ATIME)
        {
            case MountApiBits.MOUNT_ATTR_RELATIME:
                options = MountOptions.RelativeAccessTimes;
                return true;
            case MountApiBits.MOUNT_ATTR_NOATIME:
                options = MountOptions.NoAccessTimes;
                return true;
            case MountApiBits.MOUNT_ATTR_STRICTATIME:
                return true;
            default:
                return false;
        }
    }
}
