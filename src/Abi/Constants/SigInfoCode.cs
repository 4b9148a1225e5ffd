namespace Cashew.Abi;

/// <summary>Causes in si_code.</summary>
/// <source>sigaction(2)</source>
public static class SigInfoCode
{
    public const int SI_USER = 0;
    public const int SI_KERNEL = 128;
    public const int SI_QUEUE = -1;
    public const int SI_TIMER = -2;
    public const int SI_MESGQ = -3;
    public const int SI_ASYNCIO = -4;
    public const int SI_SIGIO = -5;
    public const int SI_TKILL = -6;
    public const int SI_DETHREAD = -7;
    public const int SI_ASYNCNL = -60;
    public const int ILL_ILLOPC = 1;
    public const int ILL_ILLOPN = 2;
    public const int ILL_ILLADR = 3;
    public const int ILL_ILLTRP = 4;
    public const int ILL_PRVOPC = 5;
    public const int ILL_PRVREG = 6;
    public const int ILL_COPROC = 7;
    public const int ILL_BADSTK = 8;
    public const int FPE_INTDIV = 1;
    public const int FPE_INTOVF = 2;
    public const int FPE_FLTDIV = 3;
    public const int FPE_FLTOVF = 4;
    public const int FPE_FLTUND = 5;
    public const int FPE_FLTRES = 6;
    public const int FPE_FLTINV = 7;
    public const int FPE_FLTSUB = 8;
    public const int FPE_FLTUNK = 14;
    public const int SEGV_MAPERR = 1;
    public const int SEGV_ACCERR = 2;
    public const int SEGV_BNDERR = 3;
    public const int SEGV_PKUERR = 4;
    public const int BUS_ADRALN = 1;
    public const int BUS_ADRERR = 2;
    public const int BUS_OBJERR = 3;
    public const int BUS_MCEERR_AR = 4;
    public const int BUS_MCEERR_AO = 5;
    public const int TRAP_BRKPT = 1;
    public const int TRAP_TRACE = 2;
    public const int TRAP_BRANCH = 3;
    public const int TRAP_HWBKPT = 4;
    public const int CLD_EXITED = 1;
    public const int CLD_KILLED = 2;
    public const int CLD_DUMPED = 3;
    public const int CLD_TRAPPED = 4;
    public const int CLD_STOPPED = 5;
    public const int CLD_CONTINUED = 6;
    public const int POLL_IN = 1;
    public const int POLL_OUT = 2;
    public const int POLL_MSG = 3;
    public const int POLL_ERR = 4;
    public const int POLL_PRI = 5;
    public const int POLL_HUP = 6;
    public const int SYS_SECCOMP = 1;
}
