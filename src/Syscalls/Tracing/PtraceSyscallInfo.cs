using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>What a system-call stop is about, without knowledge of the machine's registers.</summary>
internal static class PtraceSyscallInfo
{
    private const uint AuditArchX86_64 = 0xC000_003E;
    private const int MaximumErrno = 4095;

    // struct ptrace_syscall_info.
    private const int ArchOffset = 4;
    private const int InstructionOffset = 8;
    private const int StackOffset = 16;
    private const int NumberOffset = 24;
    private const int ArgumentsOffset = 32;
    private const int EntryBytes = 80;
    private const int ResultOffset = 24;
    private const int IsErrorOffset = 32;
    private const int ExitBytes = 33;
    private const int NoneBytes = 24;

    /// <summary>How many bytes there are, whatever <paramref name="room"/> has room for.</summary>
    /// <errors>EFAULT.</errors>
    /// <source>ptrace(2), PTRACE_GET_SYSCALL_INFO</source>
    internal static SyscallResult Get(Tracee tracee, ulong room, UserAddress to)
    {
        Span<byte> info = stackalloc byte[EntryBytes];
        info.Clear();
        ref UserRegisters user = ref tracee.Thread.Context.User;
        byte kind = TraceRequests.CallStopOf(tracee);
        info[0] = kind;
        BinaryPrimitives.WriteUInt32LittleEndian(info[ArchOffset..], AuditArchX86_64);
        Put(info, InstructionOffset, user.Rip);
        Put(info, StackOffset, user.Rsp);
        int length = kind switch
        {
            PtraceRequest.PTRACE_SYSCALL_INFO_ENTRY => WriteEntry(info, in user),
            PtraceRequest.PTRACE_SYSCALL_INFO_EXIT => WriteExit(info, in user),
            _ => NoneBytes,
        };

        int wanted = (int)ulong.Min(room, (ulong)length);
        return UserMemory.CopyOut(to, info[..wanted]) == wanted ? length : Errno.EFAULT;
    }

    private static int WriteEntry(Span<byte> info, in UserRegisters user)
    {
        Put(info, NumberOffset, (ulong)(int)user.OriginalRax);
        Put(info, ArgumentsOffset, user.Rdi);
        Put(info, ArgumentsOffset + 8, user.Rsi);
        Put(info, ArgumentsOffset + 16, user.Rdx);
        Put(info, ArgumentsOffset + 24, user.R10);
        Put(info, ArgumentsOffset + 32, user.R8);
        Put(info, ArgumentsOffset + 40, user.R9);
        return EntryBytes;
    }

    private static int WriteExit(Span<byte> info, in UserRegisters user)
    {
        long result = (long)user.Rax;
        Put(info, ResultOffset, user.Rax);
        info[IsErrorOffset] = result is < 0 and >= -MaximumErrno ? (byte)1 : (byte)0;
        return ExitBytes;
    }

    private static void Put(Span<byte> info, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(info[offset..], value);
}
