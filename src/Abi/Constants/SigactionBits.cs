namespace Cashew.Abi;

/// <summary>Flags of rt_sigaction(2), and the two handlers that are not addresses.</summary>
/// <source>sigaction(2)</source>
public static class SigactionBits
{
    public const ulong SA_NOCLDSTOP = 1;
    public const ulong SA_NOCLDWAIT = 2;
    public const ulong SA_SIGINFO = 4;
    public const ulong SA_UNSUPPORTED = 0x400;
    public const ulong SA_EXPOSE_TAGBITS = 0x800;
    public const ulong SA_RESTORER = 0x4000000;
    public const ulong SA_ONSTACK = 0x8000000;
    public const ulong SA_RESTART = 0x10000000;
    public const ulong SA_NODEFER = 0x40000000;
    public const ulong SA_RESETHAND = 0x80000000;
    public const ulong SIG_DFL = 0;
    public const ulong SIG_IGN = 1;
}
