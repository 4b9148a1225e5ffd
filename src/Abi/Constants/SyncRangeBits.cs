namespace Cashew.Abi;

/// <summary>Flags of sync_file_range(2).</summary>
/// <source>sync_file_range(2)</source>
public static class SyncRangeBits
{
    public const uint SYNC_FILE_RANGE_WAIT_BEFORE = 1;
    public const uint SYNC_FILE_RANGE_WRITE = 2;
    public const uint SYNC_FILE_RANGE_WAIT_AFTER = 4;
}
