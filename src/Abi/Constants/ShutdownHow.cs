namespace Cashew.Abi;

/// <summary>What shutdown(2) ends.</summary>
/// <source>shutdown(2)</source>
public static class ShutdownHow
{
    public const int SHUT_RD = 0;
    public const int SHUT_WR = 1;
    public const int SHUT_RDWR = 2;
}
