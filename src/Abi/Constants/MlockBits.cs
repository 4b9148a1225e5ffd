namespace Cashew.Abi;

/// <summary>Flags of mlock2(2) and mlockall(2).</summary>
/// <source>mlock(2)</source>
public static class MlockBits
{
    public const int MLOCK_ONFAULT = 1;
    public const int MCL_CURRENT = 1;
    public const int MCL_FUTURE = 2;
    public const int MCL_ONFAULT = 4;
}
