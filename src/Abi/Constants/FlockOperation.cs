namespace Cashew.Abi;

/// <summary>Operations of flock(2).</summary>
/// <source>flock(2)</source>
public static class FlockOperation
{
    public const int LOCK_SH = 1;
    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;
    public const int LOCK_UN = 8;
    public const int LOCK_MAND = 32;
}
