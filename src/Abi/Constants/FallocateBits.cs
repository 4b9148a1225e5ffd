namespace Cashew.Abi;

/// <summary>Modes of fallocate(2).</summary>
/// <source>fallocate(2)</source>
public static class FallocateBits
{
    public const int FALLOC_FL_KEEP_SIZE = 1;
    public const int FALLOC_FL_PUNCH_HOLE = 2;
    public const int FALLOC_FL_COLLAPSE_RANGE = 8;
    public const int FALLOC_FL_ZERO_RANGE = 16;
    public const int FALLOC_FL_INSERT_RANGE = 32;
    public const int FALLOC_FL_UNSHARE_RANGE = 64;
}
