namespace Cashew.Abi;

/// <summary>Flags of mmap(2).</summary>
/// <source>mmap(2)</source>
public static class MmapBits
{
    public const int MAP_SHARED = 1;
    public const int MAP_PRIVATE = 2;
    public const int MAP_SHARED_VALIDATE = 3;
    public const int MAP_TYPE = 0xF;
    public const int MAP_FIXED = 0x10;
    public const int MAP_ANONYMOUS = 0x20;
    public const int MAP_32BIT = 0x40;
    public const int MAP_GROWSDOWN = 0x100;
    public const int MAP_DENYWRITE = 0x800;
    public const int MAP_EXECUTABLE = 0x1000;
    public const int MAP_LOCKED = 0x2000;
    public const int MAP_NORESERVE = 0x4000;
    public const int MAP_POPULATE = 0x8000;
    public const int MAP_NONBLOCK = 0x10000;
    public const int MAP_STACK = 0x20000;
    public const int MAP_HUGETLB = 0x40000;
    public const int MAP_SYNC = 0x80000;
    public const int MAP_FIXED_NOREPLACE = 0x100000;
    public const int MAP_HUGE_SHIFT = 26;
    public const int MAP_HUGE_MASK = 0x3F;
}
