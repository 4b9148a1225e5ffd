namespace Cashew.Abi;

/// <summary>Flags of msync(2).</summary>
/// <source>msync(2)</source>
public static class MsyncBits
{
    public const int MS_ASYNC = 1;
    public const int MS_INVALIDATE = 2;
    public const int MS_SYNC = 4;
}
