namespace Cashew.Abi;

/// <summary>Flags of openat2(2).</summary>
/// <source>openat2(2)</source>
public static class ResolveBits
{
    public const ulong RESOLVE_NO_XDEV = 1;
    public const ulong RESOLVE_NO_MAGICLINKS = 2;
    public const ulong RESOLVE_NO_SYMLINKS = 4;
    public const ulong RESOLVE_BENEATH = 8;
    public const ulong RESOLVE_IN_ROOT = 0x10;
    public const ulong RESOLVE_CACHED = 0x20;
}
