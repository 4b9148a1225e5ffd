namespace Cashew.Abi;

/// <summary>Flags of renameat2(2).</summary>
/// <source>rename(2)</source>
public static class RenameBits
{
    public const uint RENAME_NOREPLACE = 1;
    public const uint RENAME_EXCHANGE = 2;
    public const uint RENAME_WHITEOUT = 4;
}
