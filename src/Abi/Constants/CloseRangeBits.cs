namespace Cashew.Abi;

/// <summary>Flags of close_range(2).</summary>
/// <source>close_range(2)</source>
public static class CloseRangeBits
{
    public const uint CLOSE_RANGE_UNSHARE = 2;
    public const uint CLOSE_RANGE_CLOEXEC = 4;
}
