namespace Cashew.Abi;

/// <summary>The directory and flag arguments of the *at family.</summary>
/// <source>openat(2), statx(2)</source>
public static class AtBits
{
    public const int AT_FDCWD = -100;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int AT_REMOVEDIR = 0x200;
    public const int AT_SYMLINK_FOLLOW = 0x400;
    public const int AT_NO_AUTOMOUNT = 0x800;
    public const int AT_EMPTY_PATH = 0x1000;
    public const int AT_EACCESS = 0x200;
    public const int AT_STATX_SYNC_TYPE = 0x6000;
    public const int AT_STATX_SYNC_AS_STAT = 0;
    public const int AT_STATX_FORCE_SYNC = 0x2000;
    public const int AT_STATX_DONT_SYNC = 0x4000;
    public const int AT_RECURSIVE = 0x8000;
}
