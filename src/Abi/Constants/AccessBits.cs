namespace Cashew.Abi;

/// <summary>Modes of access(2).</summary>
/// <source>access(2)</source>
public static class AccessBits
{
    public const int F_OK = 0;
    public const int X_OK = 1;
    public const int W_OK = 2;
    public const int R_OK = 4;
}
