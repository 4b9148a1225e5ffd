using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Watching and controlling another thread.</summary>
/// <source>ptrace(2)</source>
internal static class PtraceCall
{
    internal static void AddTo(SyscallTable table) => table.Add(
        SyscallNumber.ptrace, "ptrace",
        static (caller, in a) => Invoke(caller, a.A0, a.A1, a.A2, a.A3),
        "no PTRACE_SINGLEBLOCK; nothing of 32-bit programs; filters of seccomp cannot be read");

    /// <errors>
    /// ESRCH: no such thread, or not one that the caller traces and that is stopped. EPERM: it must not be
    /// traced, or is traced already. EIO: an unknown request, a bad address or signal. EINVAL, EFAULT,
    /// ENOMEM. </errors>
    /// <source>ptrace(2), "C library/kernel differences": words that are read go to <paramref
    /// name="data"/>.</source>
    internal static SyscallResult Invoke(UserThread caller, long request, int pid, ulong address, ulong data)
    {
        switch (request)
        {
            case PtraceRequest.PTRACE_TRACEME:
                return TraceLink.TraceMe(caller);
            case PtraceRequest.PTRACE_ATTACH:
                return PtraceAttach.Attach(caller, pid);
            case PtraceRequest.PTRACE_SEIZE:
                return PtraceAttach.Seize(caller, pid, address, data);
        }

        return ProcessTree.FindThread(pid) is null && !TracerHold.TryFind(caller, pid, out _)
            ? Errno.ESRCH
            : InvokeOnTracee(caller, request, pid, address, data);
    }

    private static SyscallResult InvokeOnTracee(
        UserThread caller, long request, int pid, ulong address, ulong data)
    {
        // These two do not need it to be stopped.
        if (request is PtraceRequest.PTRACE_KILL or PtraceRequest.PTRACE_INTERRUPT)
        {
            if (!TracerHold.TryFind(caller, pid, out Tracee? running)) return Errno.ESRCH;
            if (request == PtraceRequest.PTRACE_INTERRUPT) return TraceRequests.Interrupt(running);
            TraceRequests.Kill(running);
            return 0;
        }

        if (!TracerHold.TryTake(caller, pid, out TracerHold hold)) return Errno.ESRCH;
        using (hold) return InvokeOnStopped(caller, hold.Tracee, request, address, data);
    }

    private static SyscallResult InvokeOnStopped(
        UserThread caller, Tracee tracee, long request, ulong address, ulong data)
    {
        switch (request)
        {
            case PtraceRequest.PTRACE_DETACH:
                return PtraceResume.Detach(tracee, data);
            case PtraceRequest.PTRACE_CONT:
                return PtraceResume.Resume(tracee, TraceMode.Continue, data);
            case PtraceRequest.PTRACE_SYSCALL:
                return PtraceResume.Resume(tracee, TraceMode.Calls, data);
            case PtraceRequest.PTRACE_SYSEMU:
                return PtraceResume.Resume(tracee, TraceMode.Emulate, data);
            case PtraceRequest.PTRACE_SINGLESTEP:
                return PtraceResume.Resume(tracee, TraceMode.Step, data);
            case PtraceRequest.PTRACE_SYSEMU_SINGLESTEP:
                return PtraceResume.Resume(tracee, TraceMode.EmulateStep, data);
            case PtraceRequest.PTRACE_LISTEN:
                return TraceRequests.Listen(tracee);
            case PtraceRequest.PTRACE_SETOPTIONS:
            case PtraceRequest.PTRACE_OLDSETOPTIONS:
                return PtraceAttach.SetOptions(caller, tracee, data);
            case PtraceRequest.PTRACE_GETEVENTMSG:
                ulong message = TraceRequests.GetMessage(tracee);
                return UserMemory.TryWrite(new UserAddress(data), message) ? 0 : Errno.EFAULT;
            case PtraceRequest.PTRACE_GET_SYSCALL_INFO:
                return PtraceSyscallInfo.Get(tracee, address, new UserAddress(data));
            case PtraceRequest.PTRACE_GET_RSEQ_CONFIGURATION:
                return PtraceSequence.Get(tracee, address, new UserAddress(data));
            case PtraceRequest.PTRACE_ARCH_PRCTL:
                return PtraceBases.Invoke(tracee, data, address);
        }

        SyscallResult? result = PtraceSignals.Invoke(tracee, request, address, data)
            ?? PtraceWords.Invoke(tracee, request, address, data)
            ?? PtraceSets.Invoke(tracee, request, address, data);
        if (result is { } known) return known;
        Unsupported.Use(caller, "ptrace", (ulong)request);
        return Errno.EIO;
    }
}
