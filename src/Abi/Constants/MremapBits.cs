namespace Cashew.Abi;

/// <summary>Flags of mremap(2).</summary>
/// <source>mremap(2)</source>
public static class MremapBits
{
    public const int MREMAP_MAYMOVE = 1;
    public const int MREMAP_FIXED = 2;
    public const int MREMAP_DONTUNMAP = 4;
}
