namespace Cashew.Processes;

/// <summary>How far a traced thread runs.</summary>
/// <source>ptrace(2), PTRACE_CONT and what follows it.</source>
public enum TraceMode : byte
{
    Continue,

    /// <summary>PTRACE_SYSCALL: to the entry or exit of the next system call.</summary>
    Calls,

    /// <summary>PTRACE_SYSEMU: to the next system call, which is not made.</summary>
    Emulate,

    Step,
    EmulateStep,
}
