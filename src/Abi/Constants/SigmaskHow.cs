namespace Cashew.Abi;

/// <summary>How rt_sigprocmask(2) changes the mask.</summary>
/// <source>sigprocmask(2)</source>
public static class SigmaskHow
{
    public const int SIG_BLOCK = 0;
    public const int SIG_UNBLOCK = 1;
    public const int SIG_SETMASK = 2;
}
