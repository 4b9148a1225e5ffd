using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Where a stopped thread has its restartable sequences.</summary>
internal static class PtraceSequence
{
    // struct ptrace_rseq_configuration.
    private const int LengthBytes = 24;
    private const int AreaBytesOffset = 8;
    private const int SignatureOffset = 12;

    /// <summary>How much there is, whatever <paramref name="room"/> has room for.</summary>
    /// <errors>EFAULT.</errors>
    /// <source>linux/ptrace.h, PTRACE_GET_RSEQ_CONFIGURATION</source>
    internal static SyscallResult Get(Tracee tracee, ulong room, UserAddress to)
    {
        Span<byte> bytes = stackalloc byte[LengthBytes];
        bytes.Clear();
        RestartableSequence? sequence = tracee.Thread.Sequence;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, sequence?.Area.Value ?? 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[AreaBytesOffset..], RestartableSequence.AreaBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[SignatureOffset..], sequence?.Signature ?? 0);
        int wanted = (int)ulong.Min(room, LengthBytes);
        return UserMemory.CopyOut(to, bytes[..wanted]) == wanted ? LengthBytes : Errno.EFAULT;
    }
}
