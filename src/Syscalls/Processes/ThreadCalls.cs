using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>What a thread says about itself, and what it wants done at its end.</summary>
internal static class ThreadCalls
{
    private const ulong RobustHeadBytes = 24;

    /// <source>getpid(2): 0 for init, whose parent is outside.</source>
    internal static SyscallResult Getppid(UserThread caller) => caller.Process.Parent?.Id ?? 0;

    /// <source>set_tid_address(2)</source>
    internal static SyscallResult SetTidAddress(UserThread caller, UserAddress address)
    {
        caller.ClearTidAddress = address;
        return caller.Id;
    }

    /// <errors>EINVAL: another size than this kernel's.</errors>
    /// <source>set_robust_list(2)</source>
    internal static SyscallResult SetRobustList(UserThread caller, UserAddress head, ulong size)
    {
        if (size != RobustHeadBytes) return Errno.EINVAL;
        caller.RobustListHead = head;
        return 0;
    }

    /// <errors>ESRCH. EPERM: the caller may not look into the process. EFAULT.</errors>
    /// <source>get_robust_list(2)</source>
    internal static SyscallResult GetRobustList(UserThread caller, int tid, UserAddress head, UserAddress size)
    {
        UserThread? target = tid == 0 ? caller : ProcessTree.FindThread(tid);
        if (target is null) return Errno.ESRCH;
        Errno error = InspectPermission.Check(caller, target.Process);
        if (error != Errno.None) return error;
        bool isWritten = UserMemory.TryWrite(size, RobustHeadBytes)
            && UserMemory.TryWrite(head, target.RobustListHead.Value);
        return isWritten ? 0 : Errno.EFAULT;
    }

    /// <errors>EFAULT.</errors>
    /// <source>getcpu(2). There is one node; the third argument has no meaning any more.</source>
    internal static SyscallResult Getcpu(UserAddress cpu, UserAddress node)
    {
        if (!cpu.IsNull && !UserMemory.TryWrite(cpu, Cpu.CurrentId)) return Errno.EFAULT;
        return node.IsNull || UserMemory.TryWrite(node, 0) ? 0 : Errno.EFAULT;
    }

    /// <summary>Replaces the execution domain; all ones only asks. The result is the old one.</summary>
    /// <source>personality(2)</source>
    internal static SyscallResult Personality(UserThread caller, uint persona)
    {
        const uint OnlyAsks = uint.MaxValue;
        uint old = caller.Personality;
        if (persona != OnlyAsks) caller.Personality = persona;
        return (int)old;
    }
}
