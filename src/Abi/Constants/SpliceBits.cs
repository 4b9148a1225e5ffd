namespace Cashew.Abi;

/// <summary>Flags of splice(2).</summary>
/// <source>splice(2)</source>
public static class SpliceBits
{
    public const uint SPLICE_F_MOVE = 1;
    public const uint SPLICE_F_NONBLOCK = 2;
    public const uint SPLICE_F_MORE = 4;
    public const uint SPLICE_F_GIFT = 8;
}
