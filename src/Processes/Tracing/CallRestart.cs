using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Whether a system call that a signal interrupted is to begin again. The registers say so, and a
/// tracer may have changed them: a debugger that calls a function of the program takes the restart away like
/// this.</summary>
/// <source>syscall(2) for the registers; ptrace(2), "Syscall-stops".</source>
public static class CallRestart
{
    private const int NoCall = -1;
    private const ulong Codes = Errno.ERESTART_RESTARTBLOCK - Errno.ERESTARTSYS;

    /// <summary>Of the four results that no program sees.</summary>
    public static bool IsRestart(long result) => (ulong)(-(long)Errno.ERESTARTSYS - result) <= Codes;

    /// <summary>Whether the registers are those of a system call: its number is there, not all
    /// ones.</summary>
    public static bool IsInCall(in UserRegisters user) => (int)user.OriginalRax != NoCall;

    internal static void Refresh(UserThread thread, TraceStopKind kind)
    {
        if (kind is not (TraceStopKind.Signal or TraceStopKind.Group or TraceStopKind.Trap)) return;
        ref UserRegisters user = ref thread.Context.User;
        bool isRestart = IsInCall(in user) && IsRestart((long)user.Rax);
        thread.SignalState.RestartError = isRestart ? (Errno)(-(long)user.Rax) : Errno.None;
    }
}
