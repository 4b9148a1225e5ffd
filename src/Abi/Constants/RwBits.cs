namespace Cashew.Abi;

/// <summary>Flags of preadv2(2) and pwritev2(2).</summary>
/// <source>readv(2)</source>
public static class RwBits
{
    public const int RWF_HIPRI = 1;
    public const int RWF_DSYNC = 2;
    public const int RWF_SYNC = 4;
    public const int RWF_NOWAIT = 8;
    public const int RWF_APPEND = 16;
}
