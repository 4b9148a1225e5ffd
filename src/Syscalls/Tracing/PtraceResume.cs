using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Letting a stopped thread go on, with a signal if the tracer wants.</summary>
internal static class PtraceResume
{
    /// <errors>EIO: no such signal.</errors>
    /// <source>ptrace(2), PTRACE_CONT, PTRACE_SYSCALL, PTRACE_SINGLESTEP, PTRACE_SYSEMU</source>
    internal static SyscallResult Resume(Tracee tracee, TraceMode mode, ulong signal)
    {
        if (!IsSignal(signal)) return Errno.EIO;
        TraceRequests.Resume(tracee, mode, (int)signal);
        return 0;
    }

    /// <errors>EIO: no such signal.</errors>
    /// <source>ptrace(2), PTRACE_DETACH</source>
    internal static SyscallResult Detach(Tracee tracee, ulong signal)
    {
        if (!IsSignal(signal)) return Errno.EIO;
        TraceLink.Detach(tracee, (int)signal);
        return 0;
    }

    private static bool IsSignal(ulong signal) => signal <= SignalSet.MaxSignal;
}
