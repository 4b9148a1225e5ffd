namespace Cashew.Abi;

/// <summary>Requests, options and events of ptrace(2).</summary>
/// <source>ptrace(2); sys/ptrace.h and linux/ptrace.h for the numbers</source>
public static class PtraceRequest
{
    public const int PTRACE_TRACEME = 0;
    public const int PTRACE_PEEKTEXT = 1;
    public const int PTRACE_PEEKDATA = 2;
    public const int PTRACE_PEEKUSER = 3;
    public const int PTRACE_POKETEXT = 4;
    public const int PTRACE_POKEDATA = 5;
    public const int PTRACE_POKEUSER = 6;
    public const int PTRACE_CONT = 7;
    public const int PTRACE_KILL = 8;
    public const int PTRACE_SINGLESTEP = 9;
    public const int PTRACE_GETREGS = 12;
    public const int PTRACE_SETREGS = 13;
    public const int PTRACE_GETFPREGS = 14;
    public const int PTRACE_SETFPREGS = 15;
    public const int PTRACE_ATTACH = 16;
    public const int PTRACE_DETACH = 17;
    public const int PTRACE_OLDSETOPTIONS = 21;
    public const int PTRACE_SYSCALL = 24;
    public const int PTRACE_ARCH_PRCTL = 30;
    public const int PTRACE_SYSEMU = 31;
    public const int PTRACE_SYSEMU_SINGLESTEP = 32;
    public const int PTRACE_SETOPTIONS = 16896;
    public const int PTRACE_GETEVENTMSG = 16897;
    public const int PTRACE_GETSIGINFO = 16898;
    public const int PTRACE_SETSIGINFO = 16899;
    public const int PTRACE_GETREGSET = 16900;
    public const int PTRACE_SETREGSET = 16901;
    public const int PTRACE_SEIZE = 16902;
    public const int PTRACE_INTERRUPT = 16903;
    public const int PTRACE_LISTEN = 16904;
    public const int PTRACE_PEEKSIGINFO = 16905;
    public const int PTRACE_GETSIGMASK = 16906;
    public const int PTRACE_SETSIGMASK = 16907;
    public const int PTRACE_GET_SYSCALL_INFO = 16910;
    public const int PTRACE_GET_RSEQ_CONFIGURATION = 16911;

    public const uint PTRACE_O_TRACESYSGOOD = 1;
    public const uint PTRACE_O_TRACEFORK = 2;
    public const uint PTRACE_O_TRACEVFORK = 4;
    public const uint PTRACE_O_TRACECLONE = 8;
    public const uint PTRACE_O_TRACEEXEC = 16;
    public const uint PTRACE_O_TRACEVFORKDONE = 32;
    public const uint PTRACE_O_TRACEEXIT = 64;
    public const uint PTRACE_O_TRACESECCOMP = 128;
    public const uint PTRACE_O_EXITKILL = 1048576;
    public const uint PTRACE_O_SUSPEND_SECCOMP = 2097152;

    public const int PTRACE_EVENT_FORK = 1;
    public const int PTRACE_EVENT_VFORK = 2;
    public const int PTRACE_EVENT_CLONE = 3;
    public const int PTRACE_EVENT_EXEC = 4;
    public const int PTRACE_EVENT_VFORK_DONE = 5;
    public const int PTRACE_EVENT_EXIT = 6;
    public const int PTRACE_EVENT_SECCOMP = 7;
    public const int PTRACE_EVENT_STOP = 128;

    public const uint PTRACE_PEEKSIGINFO_SHARED = 1;

    public const int PTRACE_EVENTMSG_SYSCALL_ENTRY = 1;
    public const int PTRACE_EVENTMSG_SYSCALL_EXIT = 2;

    public const byte PTRACE_SYSCALL_INFO_NONE = 0;
    public const byte PTRACE_SYSCALL_INFO_ENTRY = 1;
    public const byte PTRACE_SYSCALL_INFO_EXIT = 2;
}
