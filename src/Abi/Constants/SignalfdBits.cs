namespace Cashew.Abi;

/// <summary>Flags of signalfd4(2).</summary>
/// <source>signalfd(2)</source>
public static class SignalfdBits
{
    public const int SFD_CLOEXEC = 524288;
    public const int SFD_NONBLOCK = 2048;
}
