namespace Cashew.Abi;

/// <summary>Flags and sizes of sigaltstack(2).</summary>
/// <source>sigaltstack(2)</source>
public static class SigaltstackBits
{
    public const int SS_ONSTACK = 1;
    public const int SS_DISABLE = 2;
    public const int SS_AUTODISARM = int.MinValue;
    public const int MINSIGSTKSZ = 2048;
    public const int SIGSTKSZ = 8192;
}
