namespace Cashew.Abi;

/// <summary>Flags of eventfd2(2).</summary>
/// <source>eventfd(2)</source>
public static class EventfdBits
{
    public const int EFD_SEMAPHORE = 1;
    public const int EFD_CLOEXEC = 524288;
    public const int EFD_NONBLOCK = 2048;
}
