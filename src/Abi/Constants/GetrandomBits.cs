namespace Cashew.Abi;

/// <summary>Flags of getrandom(2).</summary>
/// <source>getrandom(2)</source>
public static class GetrandomBits
{
    public const uint GRND_NONBLOCK = 1;
    public const uint GRND_RANDOM = 2;
    public const uint GRND_INSECURE = 4;
}
