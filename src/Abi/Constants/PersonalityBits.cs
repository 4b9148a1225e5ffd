namespace Cashew.Abi;

/// <summary>Execution domains of personality(2).</summary>
/// <source>personality(2)</source>
public static class PersonalityBits
{
    public const uint PER_LINUX = 0;
    public const uint PER_LINUX32 = 8;
    public const uint PER_MASK = 0xFF;
    public const uint UNAME26 = 0x20000;
    public const uint ADDR_NO_RANDOMIZE = 0x40000;
    public const uint FDPIC_FUNCPTRS = 0x80000;
    public const uint MMAP_PAGE_ZERO = 0x100000;
    public const uint ADDR_COMPAT_LAYOUT = 0x200000;
    public const uint READ_IMPLIES_EXEC = 0x400000;
    public const uint ADDR_LIMIT_32BIT = 0x800000;
    public const uint SHORT_INODE = 0x1000000;
    public const uint WHOLE_SECONDS = 0x2000000;
    public const uint STICKY_TIMEOUTS = 0x4000000;
    public const uint ADDR_LIMIT_3GB = 0x8000000;
}
