using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Becoming a tracer, and on what terms.</summary>
internal static class PtraceAttach
{
    /// <errors>ESRCH. EPERM.</errors>
    /// <source>ptrace(2), PTRACE_ATTACH</source>
    internal static SyscallResult Attach(UserThread caller, int pid)
    {
        UserThread? target = ProcessTree.FindThread(pid);
        return target is null ? Missing(pid) : TraceLink.Attach(caller, target, isSeized: false, options: 0);
    }

    /// <errors>EIO: an address, or unknown options. ESRCH. EPERM.</errors>
    /// <source>ptrace(2), PTRACE_SEIZE</source>
    internal static SyscallResult Seize(UserThread caller, int pid, ulong address, ulong options)
    {
        UserThread? target = ProcessTree.FindThread(pid);
        if (target is null) return Missing(pid);
        if (address != 0) return Errno.EIO;
        Errno error = TraceRequests.CheckOptions(caller, options);
        if (error == Errno.EINVAL) return Errno.EIO;
        return error != Errno.None ? error : TraceLink.Attach(caller, target, isSeized: true, (uint)options);
    }

    /// <errors>EINVAL. EPERM.</errors>
    /// <source>ptrace(2), PTRACE_SETOPTIONS</source>
    internal static SyscallResult SetOptions(UserThread caller, Tracee tracee, ulong options)
    {
        Errno error = TraceRequests.CheckOptions(caller, options);
        if (error == Errno.None) TraceRequests.SetOptions(tracee, (uint)options);
        return error;
    }

    /// <summary>A zombie is there, but nothing to trace.</summary>
    private static SyscallResult Missing(int pid) =>
        ProcessTree.Find(pid) is null ? Errno.ESRCH : Errno.EPERM;
}
