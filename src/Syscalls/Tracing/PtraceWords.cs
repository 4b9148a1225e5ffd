using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Words of a stopped thread's memory and of its registers.</summary>
internal static class PtraceWords
{
    /// <summary>Null for a request that is about something else.</summary>
    /// <errors>EIO: nothing there. EFAULT: no place for what was read.</errors>
    /// <source>ptrace(2), PTRACE_PEEKTEXT and the five after it</source>
    internal static SyscallResult? Invoke(Tracee tracee, long request, ulong address, ulong data)
    {
        UserThread thread = tracee.Thread;
        Errno error;
        ulong word;
        switch (request)
        {
            case PtraceRequest.PTRACE_PEEKTEXT:
            case PtraceRequest.PTRACE_PEEKDATA:
                error = TraceMemory.Peek(thread, new UserAddress(address), out word);
                return Give(error, word, data);
            case PtraceRequest.PTRACE_PEEKUSER:
                error = TraceUserArea.Peek(thread, address, out word);
                return Give(error, word, data);
            case PtraceRequest.PTRACE_POKETEXT:
            case PtraceRequest.PTRACE_POKEDATA:
                return TraceMemory.Poke(thread, new UserAddress(address), data);
            case PtraceRequest.PTRACE_POKEUSER:
                return TraceUserArea.Poke(thread, address, data);
            default:
                return null;
        }
    }

    private static SyscallResult Give(Errno error, ulong word, ulong to)
    {
        if (error != Errno.None) return error;
        return UserMemory.TryWrite(new UserAddress(to), word) ? 0 : Errno.EFAULT;
    }
}
