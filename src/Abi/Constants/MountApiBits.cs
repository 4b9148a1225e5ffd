namespace Cashew.Abi;

/// <summary>Flags and commands of the calls that mount in steps.</summary>
/// <source>open_tree(2), move_mount(2), fsopen(2), fsconfig(2), fsmount(2), fspick(2),
/// mount_setattr(2)</source>
public static class MountApiBits
{
    public const uint OPEN_TREE_CLONE = 1;
    public const uint OPEN_TREE_CLOEXEC = OpenBits.O_CLOEXEC;

    public const uint MOVE_MOUNT_F_SYMLINKS = 0x1;
    public const uint MOVE_MOUNT_F_AUTOMOUNTS = 0x2;
    public const uint MOVE_MOUNT_F_EMPTY_PATH = 0x4;
    public const uint MOVE_MOUNT_T_SYMLINKS = 0x10;
    public const uint MOVE_MOUNT_T_AUTOMOUNTS = 0x20;
    public const uint MOVE_MOUNT_T_EMPTY_PATH = 0x40;
    public const uint MOVE_MOUNT_SET_GROUP = 0x100;

    public const uint FSOPEN_CLOEXEC = 1;

    public const uint FSPICK_CLOEXEC = 1;
    public const uint FSPICK_SYMLINK_NOFOLLOW = 2;
    public const uint FSPICK_NO_AUTOMOUNT = 4;
    public const uint FSPICK_EMPTY_PATH = 8;

    public const uint FSCONFIG_SET_FLAG = 0;
    public const uint FSCONFIG_SET_STRING = 1;
    public const uint FSCONFIG_SET_BINARY = 2;
    public const uint FSCONFIG_SET_PATH = 3;
    public const uint FSCONFIG_SET_PATH_EMPTY = 4;
    public const uint FSCONFIG_SET_FD = 5;
    public const uint FSCONFIG_CMD_CREATE = 6;
    public const uint FSCONFIG_CMD_RECONFIGURE = 7;

    public const uint FSMOUNT_CLOEXEC = 1;

    public const ulong MOUNT_ATTR_RDONLY = 0x1;
    public const ulong MOUNT_ATTR_NOSUID = 0x2;
    public const ulong MOUNT_ATTR_NODEV = 0x4;
    public const ulong MOUNT_ATTR_NOEXEC = 0x8;
    public const ulong MOUNT_ATTR__ATIME = 0x70;
    public const ulong MOUNT_ATTR_RELATIME = 0x0;
    public const ulong MOUNT_ATTR_NOATIME = 0x10;
    public const ulong MOUNT_ATTR_STRICTATIME = 0x20;
    public const ulong MOUNT_ATTR_NODIRATIME = 0x80;
    public const ulong MOUNT_ATTR_IDMAP = 0x100000;
    public const ulong MOUNT_ATTR_NOSYMFOLLOW = 0x200000;
}
