namespace Cashew.Abi;

/// <summary>Commands of membarrier(2).</summary>
/// <source>membarrier(2)</source>
public static class MembarrierCommand
{
    public const int MEMBARRIER_CMD_QUERY = 0;
    public const int MEMBARRIER_CMD_GLOBAL = 1;
    public const int MEMBARRIER_CMD_GLOBAL_EXPEDITED = 2;
    public const int MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED = 4;
    public const int MEMBARRIER_CMD_PRIVATE_EXPEDITED = 8;
    public const int MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED = 16;
    public const int MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE = 32;
    public const int MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE = 64;
    public const int MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ = 128;
    public const int MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ = 256;
}
