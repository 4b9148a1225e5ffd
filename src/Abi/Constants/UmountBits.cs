namespace Cashew.Abi;

/// <summary>Flags of umount2(2).</summary>
/// <source>umount(2)</source>
public static class UmountBits
{
    public const int MNT_FORCE = 1;
    public const int MNT_DETACH = 2;
    public const int MNT_EXPIRE = 4;
    public const int UMOUNT_NOFOLLOW = 8;
}
