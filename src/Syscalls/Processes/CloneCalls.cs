using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The calls that make processes and threads: each puts its arguments into one shape.</summary>
internal static class CloneCalls
{
    private const ulong VforkFlags = CloneBits.CLONE_VM | CloneBits.CLONE_VFORK;

    /// <summary>CLONE_ARGS_SIZE_VER0: the structure up to and with tls.</summary>
    private const int FirstArgsBytes = 64;

    /// <summary>CLONE_ARGS_SIZE_VER2: the structure with cgroup.</summary>
    private const int ArgsWithGroupBytes = 88;

    /// <summary>MAX_PID_NS_LEVEL.</summary>
    private const int MaxNamespaceLevels = 32;

    /// <errors>EAGAIN: RLIMIT_NPROC, or no pid is left. ENOMEM.</errors>
    /// <source>fork(2)</source>
    internal static SyscallResult Fork(UserThread caller, ref UserRegisters user) =>
        Cloner.Clone(caller, in user, new CloneRequest { ExitSignal = Signals.SIGCHLD });

    /// <summary>Like fork, but the caller waits and lends its memory until the child executes or
    /// ends.</summary>
    /// <source>vfork(2)</source>
    internal static SyscallResult Vfork(UserThread caller, ref UserRegisters user) =>
        Cloner.Clone(caller, in user, new CloneRequest { Flags = VforkFlags, ExitSignal = Signals.SIGCHLD });

    /// <errors>EINVAL: flags that do not go together. EPERM: a thread pointer that is no address. EAGAIN.
    /// ENOMEM.</errors>
    /// <source>clone(2): the order of the arguments is x86-64's. Only the low half of the flags
    /// counts.</source>
    internal static SyscallResult Clone(
        UserThread caller, ref UserRegisters user, uint flags, UserAddress stack, UserAddress parentTid,
        UserAddress childTid, ulong threadPointer) =>
        Cloner.Clone(caller, in user, new CloneRequest
        {
            Flags = flags & ~CloneBits.CSIGNAL,
            ExitSignal = (int)(flags & CloneBits.CSIGNAL),
            StackPointer = stack,
            ParentTid = parentTid,
            DescriptorAddress = parentTid,
            ChildTid = childTid,
            ThreadPointer = threadPointer,
        });

    /// <errors>
    /// EINVAL: a size below the first version's; a stack without a size or a size without a stack; an exit
    /// signal that is none, or with CLONE_THREAD or CLONE_PARENT; a chosen id that is none. E2BIG: a longer
    /// structure that is not zero where we know nothing. EBADF, ENOENT: CLONE_INTO_CGROUP.
    /// EFAULT. The rest: as clone.
    /// </errors>
    /// <source>clone(2), "clone3()"</source>
    internal static SyscallResult Clone3(
        UserThread caller, ref UserRegisters user, UserAddress argsAddress, ulong size)
    {
        Errno error = TryReadArgs(argsAddress, size, out CloneArgs args);
        int wantedId = 0;
        if (error == Errno.None) error = Check(args, size);
        if (error == Errno.None && args.set_tid_size != 0) error = ReadWantedId(args, out wantedId);
        if (error == Errno.None) error = CheckFlags(args);
        Cgroup? group = null;
        if (error == Errno.None && (args.flags & CloneBits.CLONE_INTO_CGROUP) != 0)
            error = FindGroup(caller, (int)args.cgroup, out group);
        if (error != Errno.None) return error;
        return Cloner.Clone(caller, in user, new CloneRequest
        {
            Flags = args.flags,
            ExitSignal = (int)args.exit_signal,
            StackPointer = new UserAddress(args.stack + args.stack_size),
            ParentTid = new UserAddress(args.parent_tid),
            DescriptorAddress = new UserAddress(args.pidfd),
            WantedId = wantedId,
            Group = group,
            ChildTid = new UserAddress(args.child_tid),
            ThreadPointer = args.tls,
        });
    }

    private static Errno TryReadArgs(UserAddress address, ulong size, out CloneArgs args)
    {
        args = default;
        if (size > UserAddress.PageSizeBytes) return Errno.E2BIG;
        if (size < FirstArgsBytes) return Errno.EINVAL;
        return StructArgument.Read(MemoryMarshal.AsBytes(new Span<CloneArgs>(ref args)), address, size);
    }

    private static Errno Check(in CloneArgs args, ulong size)
    {
        if (args.set_tid_size > MaxNamespaceLevels) return Errno.EINVAL;
        if ((args.set_tid == 0) != (args.set_tid_size == 0)) return Errno.EINVAL;
        if (args.exit_signal > Signals._NSIG) return Errno.EINVAL;
        bool hasGroup = (args.flags & CloneBits.CLONE_INTO_CGROUP) != 0;
        return hasGroup && (args.cgroup > int.MaxValue || size < ArgsWithGroupBytes) ? Errno.EINVAL : Errno.None;
    }

    /// <summary>The ids are from the innermost namespace outwards, and there is one.</summary>
    private static Errno ReadWantedId(in CloneArgs args, out int id)
    {
        id = 0;
        UserAddress last = new(args.set_tid + (args.set_tid_size - 1) * sizeof(int));
        if (!UserMemory.TryRead(new UserAddress(args.set_tid), out id)
            || !UserMemory.TryRead(last, out int _)) return Errno.EFAULT;
        return args.set_tid_size > 1 || id < 1 ? Errno.EINVAL : Errno.None;
    }

    private static Errno CheckFlags(in CloneArgs args)
    {
        // Only clone(2) has a signal among its flags, and CLONE_NEWTIME took its place.
        const ulong NotHere = CloneBits.CLONE_DETACHED | (CloneBits.CSIGNAL & ~CloneBits.CLONE_NEWTIME);
        const ulong WithoutSignal = CloneBits.CLONE_THREAD | CloneBits.CLONE_PARENT;
        if ((args.flags & NotHere) != 0) return Errno.EINVAL;
        if ((args.flags & WithoutSignal) != 0 && args.exit_signal != 0) return Errno.EINVAL;
        if ((args.stack == 0) != (args.stack_size == 0)) return Errno.EINVAL;
        return UserAddress.IsValidRange(new UserAddress(args.stack), args.stack_size) ? Errno.None : Errno.EINVAL;
    }

    /// <errors>EBADF: not open, or not a control group. ENOENT: one that has been removed.</errors>
    private static Errno FindGroup(UserThread caller, int fd, out Cgroup? group)
    {
        group = null;
        if (!caller.Descriptors.TryUseAny(fd, out FileUse use, out Errno error)) return error;
        using (use) _ = CgroupMembers.TryFindGroup(use.File, out group, out error);
        return error;
    }
}
