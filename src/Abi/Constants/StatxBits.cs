namespace Cashew.Abi;

/// <summary>Masks and attributes of statx(2).</summary>
/// <source>statx(2)</source>
public static class StatxBits
{
    public const uint STATX_TYPE = 1;
    public const uint STATX_MODE = 2;
    public const uint STATX_NLINK = 4;
    public const uint STATX_UID = 8;
    public const uint STATX_GID = 0x10;
    public const uint STATX_ATIME = 0x20;
    public const uint STATX_MTIME = 0x40;
    public const uint STATX_CTIME = 0x80;
    public const uint STATX_INO = 0x100;
    public const uint STATX_SIZE = 0x200;
    public const uint STATX_BLOCKS = 0x400;
    public const uint STATX_BASIC_STATS = 0x7FF;
    public const uint STATX_BTIME = 0x800;
    public const uint STATX_MNT_ID = 0x1000;
    public const uint STATX_DIOALIGN = 0x2000;
    public const uint STATX__RESERVED = 0x80000000;
    public const uint STATX_ATTR_COMPRESSED = 4;
    public const uint STATX_ATTR_IMMUTABLE = 0x10;
    public const uint STATX_ATTR_APPEND = 0x20;
    public const uint STATX_ATTR_NODUMP = 0x40;
    public const uint STATX_ATTR_ENCRYPTED = 0x800;
    public const uint STATX_ATTR_AUTOMOUNT = 0x1000;
    public const uint STATX_ATTR_MOUNT_ROOT = 0x2000;
    public const uint STATX_ATTR_VERITY = 0x100000;
    public const uint STATX_ATTR_DAX = 0x200000;
}
