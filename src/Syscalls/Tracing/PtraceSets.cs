using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>All registers of a kind at once.</summary>
internal static class PtraceSets
{
    private const int WordBytes = sizeof(ulong);

    // elf.h: the names of notes in core files.
    private const ulong NT_PRSTATUS = 1;
    private const ulong NT_PRFPREG = 2;
    private const ulong NT_X86_XSTATE = 0x202;

    /// <summary>Null for a request that is about something else.</summary>
    /// <source>ptrace(2), PTRACE_GETREGS, PTRACE_GETREGSET and their like</source>
    internal static SyscallResult? Invoke(Tracee tracee, long request, ulong address, ulong data)
    {
        UserThread thread = tracee.Thread;
        UserAddress at = new(data);
        switch (request)
        {
            case PtraceRequest.PTRACE_GETREGS:
                return Get(thread, NT_PRSTATUS, at, int.MaxValue, out _);
            case PtraceRequest.PTRACE_SETREGS:
                return Set(thread, NT_PRSTATUS, at, int.MaxValue, out _);
            case PtraceRequest.PTRACE_GETFPREGS:
                return Get(thread, NT_PRFPREG, at, int.MaxValue, out _);
            case PtraceRequest.PTRACE_SETFPREGS:
                return Set(thread, NT_PRFPREG, at, int.MaxValue, out _);
            case PtraceRequest.PTRACE_GETREGSET:
            case PtraceRequest.PTRACE_SETREGSET:
                return WithVector(thread, request, address, at);
            default:
                return null;
        }
    }

    /// <summary>The length in the iovec becomes what was moved.</summary>
    private static SyscallResult WithVector(UserThread thread, long request, ulong set, UserAddress vector)
    {
        if (!UserMemory.TryRead(vector, out Iovec item)) return Errno.EFAULT;
        if (item.iov_len % WordBytes != 0) return Errno.EINVAL;
        UserAddress at = new(item.iov_base);
        int room = (int)ulong.Min(item.iov_len, int.MaxValue);
        SyscallResult result = request == PtraceRequest.PTRACE_GETREGSET
            ? Get(thread, set, at, room, out int moved)
            : Set(thread, set, at, room, out moved);
        if (result.IsError) return result;
        return UserMemory.TryWrite(vector + WordBytes, (ulong)moved) ? 0 : Errno.EFAULT;
    }

    private static SyscallResult Get(UserThread thread, ulong set, UserAddress to, int room, out int moved)
    {
        moved = 0;
        if (!TryGetLength(set, out int length, out Errno error)) return error;
        if (!KernelObjects.MayCreate()) return Errno.ENOMEM;
        ReadOnlySpan<byte> bytes = set switch
        {
            NT_PRSTATUS => General(thread),
            NT_PRFPREG => TraceFpu.GetLegacy(thread),
            _ => TraceFpu.GetExtended(thread),
        };
        moved = int.Min(room, length);
        return UserMemory.CopyOut(to, bytes[..moved]) == moved ? 0 : Errno.EFAULT;
    }

    private static SyscallResult Set(UserThread thread, ulong set, UserAddress from, int room, out int moved)
    {
        moved = 0;
        if (!TryGetLength(set, out int length, out Errno error)) return error;
        if (!KernelObjects.MayCreate()) return Errno.ENOMEM;
        moved = int.Min(room, length);
        byte[] bytes = new byte[moved];
        if (UserMemory.CopyIn(bytes, from) != moved) return Errno.EFAULT;
        return set switch
        {
            NT_PRSTATUS => SetGeneral(thread, bytes),
            NT_PRFPREG => SetLegacy(thread, bytes),
            _ => TraceFpu.SetExtended(thread, bytes),
        };
    }

    /// <errors>EINVAL: an unknown set. ENODEV: the processor has none of it.</errors>
    private static bool TryGetLength(ulong set, out int lengthBytes, out Errno error)
    {
        error = Errno.None;
        lengthBytes = set switch
        {
            NT_PRSTATUS => TraceRegisters.LengthBytes,
            NT_PRFPREG => TraceFpu.LegacyBytes,
            NT_X86_XSTATE => UserFpu.SizeBytes,
            _ => 0,
        };
        if (lengthBytes == 0) error = Errno.EINVAL;
        else if (set == NT_X86_XSTATE && !TraceFpu.HasExtended) error = Errno.ENODEV;
        return error == Errno.None;
    }

    private static byte[] General(UserThread thread)
    {
        byte[] bytes = new byte[TraceRegisters.LengthBytes];
        for (int i = 0; i < TraceRegisters.Count; i++)
        {
            ulong value = TraceRegisters.Get(thread, i);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * WordBytes), value);
        }

        return bytes;
    }

    /// <summary>Those before one that is refused have been set, as on Linux.</summary>
    private static Errno SetGeneral(UserThread thread, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i * WordBytes < bytes.Length; i++)
        {
            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * WordBytes)..]);
            Errno error = TraceRegisters.Set(thread, i, value);
            if (error != Errno.None) return error;
        }

        return Errno.None;
    }

    private static Errno SetLegacy(UserThread thread, ReadOnlySpan<byte> bytes)
    {
        Span<byte> whole = TraceFpu.GetLegacy(thread);
        bytes.CopyTo(whole);
        return TraceFpu.SetLegacy(thread, whole);
    }
}
