using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The ucontext of a signal frame: the interrupted program, as the handler sees it and may change it.
/// </summary>
/// <source>asm/ucontext.h, asm/sigcontext.h; getcontext(3).</source>
internal static class UserContext
{
    internal static void Write(
        Span<byte> context, UserThread thread, in UserRegisters user, UserAddress fpuAt)
    {
        ThreadSignals signals = thread.SignalState;
        uint flags = FpFrameMagic.UC_SIGCONTEXT_SS | FpFrameMagic.UC_STRICT_RESTORE_SS;
        if (UserFpu.SizeBytes > FpuFrame.LegacyBytes) flags |= FpFrameMagic.UC_FP_XSTATE;
        Put(context, SignalFrameLayout.ContextFlags, flags);
        Put(context, SignalFrameLayout.ContextMask, signals.MaskToRestore.Bits);
        WriteStack(context[SignalFrameLayout.ContextStack..], signals.Stack, user.Rsp);

        Span<byte> registers = context[SignalFrameLayout.ContextRegisters..];
        WriteRegisters(registers, in user);
        BinaryPrimitives.WriteUInt16LittleEndian(registers[SignalFrameLayout.Segments..], (ushort)user.Cs);
        BinaryPrimitives.WriteUInt16LittleEndian(registers[(SignalFrameLayout.Segments + 6)..], (ushort)user.Ss);
        Put(registers, SignalFrameLayout.ErrorCode, thread.LastFault.ErrorCode);
        Put(registers, SignalFrameLayout.TrapNumber, (ulong)thread.LastFault.Vector);
        Put(registers, SignalFrameLayout.OldMask, signals.MaskToRestore.Bits);
        Put(registers, SignalFrameLayout.FaultAddress, thread.LastFault.Address.Value);
        Put(registers, SignalFrameLayout.FpuPointer, fpuAt.Value);
    }

    /// <summary>Takes registers back from a context that the program may have changed at will.</summary>
    internal static void ReadRegisters(ReadOnlySpan<byte> context, ref UserRegisters user)
    {
        ReadOnlySpan<byte> at = context[SignalFrameLayout.ContextRegisters..];
        user.R8 = Get(at, 0);
        user.R9 = Get(at, 8);
        user.R10 = Get(at, 16);
        user.R11 = Get(at, 24);
        user.R12 = Get(at, 32);
        user.R13 = Get(at, 40);
        user.R14 = Get(at, 48);
        user.R15 = Get(at, 56);
        user.Rdi = Get(at, 64);
        user.Rsi = Get(at, 72);
        user.Rbp = Get(at, 80);
        user.Rbx = Get(at, 88);
        user.Rdx = Get(at, 96);
        user.Rax = Get(at, 104);
        user.Rcx = Get(at, 112);
        user.Rsp = Get(at, 120);
        user.Rip = Get(at, 128);
        ulong flags = Get(at, 136);
        user.Rflags = user.Rflags & ~RflagsBits.UserChangeable | flags & RflagsBits.UserChangeable;
    }

    internal static void WriteStack(Span<byte> at, in SignalStack stack, ulong stackPointer)
    {
        Put(at, SignalFrameLayout.StackPointer, stack.Start.Value);
        BinaryPrimitives.WriteInt32LittleEndian(at[SignalFrameLayout.StackFlags..], stack.Report(stackPointer));
        Put(at, SignalFrameLayout.StackBytes, stack.LengthBytes);
    }

    private static void WriteRegisters(Span<byte> at, in UserRegisters user)
    {
        Put(at, 0, user.R8);
        Put(at, 8, user.R9);
        Put(at, 16, user.R10);
        Put(at, 24, user.R11);
        Put(at, 32, user.R12);
        Put(at, 40, user.R13);
        Put(at, 48, user.R14);
        Put(at, 56, user.R15);
        Put(at, 64, user.Rdi);
        Put(at, 72, user.Rsi);
        Put(at, 80, user.Rbp);
        Put(at, 88, user.Rbx);
        Put(at, 96, user.Rdx);
        Put(at, 104, user.Rax);
        Put(at, 112, user.Rcx);
        Put(at, 120, user.Rsp);
        Put(at, 128, user.Rip);
        Put(at, 136, user.Rflags);
    }

    private static void Put(Span<byte> at, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(at[offset..], value);

    private static ulong Get(ReadOnlySpan<byte> at, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(at[offset..]);
}
