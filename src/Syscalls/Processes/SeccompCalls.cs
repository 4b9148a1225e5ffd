using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>A thread gives up system calls.</summary>
/// <source>seccomp(2); prctl(2), PR_SET_SECCOMP</source>
internal static class SeccompCalls
{
    private const ulong KnownFlags = SeccompBits.SECCOMP_FILTER_FLAG_TSYNC | SeccompBits.SECCOMP_FILTER_FLAG_LOG
        | SeccompBits.SECCOMP_FILTER_FLAG_SPEC_ALLOW | SeccompBits.SECCOMP_FILTER_FLAG_TSYNC_ESRCH;

    private const ulong PointerOffset = 8;
    private const int InstructionsAtOnce = 32;

    /// <errors>EINVAL: an operation or flag there is not. See each.</errors>
    /// <deviation>SECCOMP_FILTER_FLAG_NEW_LISTENER is EINVAL, as on a kernel before 5.0.</deviation>
    internal static SyscallResult Invoke(UserThread caller, uint operation, uint flags, UserAddress argument)
    {
        switch (operation)
        {
            case SeccompBits.SECCOMP_SET_MODE_STRICT:
                return flags != 0 || !argument.IsNull ? Errno.EINVAL : SeccompState.SetStrict(caller);
            case SeccompBits.SECCOMP_SET_MODE_FILTER:
                return SetFilter(caller, flags, argument);
            case SeccompBits.SECCOMP_GET_ACTION_AVAIL:
                return flags != 0 ? Errno.EINVAL : IsAvailable(argument);
            default:
                Unsupported.Use(caller, "seccomp", operation);
                return Errno.EINVAL;
        }
    }

    /// <errors>EINVAL: a mode there is not.</errors>
    /// <source>prctl(2), PR_SET_SECCOMP</source>
    internal static SyscallResult SetMode(UserThread caller, ulong mode, UserAddress argument) => mode switch
    {
        // The argument means nothing here.
        SeccompBits.SECCOMP_MODE_STRICT => SeccompState.SetStrict(caller),
        SeccompBits.SECCOMP_MODE_FILTER => SetFilter(caller, 0, argument),
        _ => Errno.EINVAL,
    };

    /// <errors>
    /// EINVAL: flags, or no valid program. EFAULT. EACCES: the thread could get more rights by an exec, and
    /// has not CAP_SYS_ADMIN. ENOMEM: too long with all before it. ESRCH: TSYNC_ESRCH, and a thread has other
    /// filters.
    /// </errors>
    private static SyscallResult SetFilter(UserThread caller, ulong flags, UserAddress argument)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!UserMemory.TryRead(argument, out ushort count)) return Errno.EFAULT;
        if (!UserMemory.TryRead(argument + PointerOffset, out ulong at)) return Errno.EFAULT;
        if (at == 0 || count is 0 or > BpfCode.MAXINSNS) return Errno.EINVAL;
        if (!caller.HasNoNewPrivileges && !caller.Credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EACCES;
        if (!KernelObjects.MayCreate()) return Errno.ENOMEM;
        return TryReadProgram(new UserAddress(at), count, out BpfInstruction[]? program)
            ? Install(caller, program, flags)
            : Errno.EFAULT;
    }

    private static SyscallResult Install(UserThread caller, BpfInstruction[] program, ulong flags)
    {
        bool isForAll = (flags & SeccompBits.SECCOMP_FILTER_FLAG_TSYNC) != 0;
        bool logs = (flags & SeccompBits.SECCOMP_FILTER_FLAG_LOG) != 0;
        while (true)
        {
            SeccompFilter? older = caller.SeccompFilter;
            if (!SeccompFilter.TryCreate(program, older, logs, out SeccompFilter? filter, out Errno error))
                return error;

            SyscallResult result = SeccompState.Install(caller, filter, older, isForAll, out bool isOvertaken);
            if (isOvertaken) continue;
            bool isRefused = result.Value > 0 && (flags & SeccompBits.SECCOMP_FILTER_FLAG_TSYNC_ESRCH) != 0;
            return isRefused ? Errno.ESRCH : result;
        }
    }

    private static bool TryReadProgram(
        UserAddress at, int count, [NotNullWhen(true)] out BpfInstruction[]? program)
    {
        program = new BpfInstruction[count];
        Span<byte> piece = stackalloc byte[InstructionsAtOnce * BpfInstruction.SizeBytes];
        for (int done = 0; done < count; done += InstructionsAtOnce)
        {
            int wanted = int.Min(count - done, InstructionsAtOnce) * BpfInstruction.SizeBytes;
            UserAddress from = at + (ulong)(done * BpfInstruction.SizeBytes);
            if (UserMemory.CopyIn(piece[..wanted], from) != wanted) return false;
            for (int i = 0; i < wanted / BpfInstruction.SizeBytes; i++)
                program[done + i] = Parse(piece[(i * BpfInstruction.SizeBytes)..]);
        }

        return true;
    }

    private static BpfInstruction Parse(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(bytes), bytes[2], bytes[3],
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));

    /// <errors>EFAULT. EOPNOTSUPP: no such action.</errors>
    private static SyscallResult IsAvailable(UserAddress argument)
    {
        if (!UserMemory.TryRead(argument, out uint action)) return Errno.EFAULT;
        bool isKnown = action is SeccompBits.SECCOMP_RET_KILL_PROCESS or SeccompBits.SECCOMP_RET_KILL_THREAD
            or SeccompBits.SECCOMP_RET_TRAP or SeccompBits.SECCOMP_RET_ERRNO or SeccompBits.SECCOMP_RET_TRACE
            or SeccompBits.SECCOMP_RET_LOG or SeccompBits.SECCOMP_RET_ALLOW;
        return isKnown ? 0 : Errno.EOPNOTSUPP;
    }
}
