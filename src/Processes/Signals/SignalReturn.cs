using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// Undoes a signal frame. Everything in it may have been changed by the program, or never have been a frame: a
/// state that user mode must not be entered with ends in SIGSEGV.
/// </summary>
/// <source>sigreturn(2).</source>
public static class SignalReturn
{
    /// <summary>What the program's RAX held; the registers are replaced when this returns.</summary>
    public static SyscallResult Return(UserThread thread, ref UserRegisters user)
    {
        if (!TryReturn(thread, ref user)) SignalSender.ForceFatal(thread, Signals.SIGSEGV);
        return (nint)user.Rax;
    }

    private static bool TryReturn(UserThread thread, ref UserRegisters user)
    {
        // The handler's return has taken the first word of the frame off the stack.
        UserAddress context = new(user.Rsp - sizeof(ulong) + SignalFrameLayout.Context);
        Span<byte> bytes = stackalloc byte[SignalFrameLayout.ContextBytes];
        if (UserMemory.CopyIn(bytes, context) != bytes.Length) return false;

        SignalSet mask = new(BinaryPrimitives.ReadUInt64LittleEndian(bytes[SignalFrameLayout.ContextMask..]));
        PendingSignals.SetBlocked(thread, mask);

        ushort codeSegment = BinaryPrimitives.ReadUInt16LittleEndian(
            bytes[(SignalFrameLayout.ContextRegisters + SignalFrameLayout.Segments)..]);
        if (codeSegment != (ushort)user.Cs) return false;

        UserContext.ReadRegisters(bytes, ref user);
        if (!TryRestoreFpu(thread, bytes)) return false;
        RestoreStack(thread, bytes[SignalFrameLayout.ContextStack..], user.Rsp);

        // An address that no program can have would fault inside the kernel's own return.
        return user.Rip < UserAddress.LimitValue;
    }

    private static bool TryRestoreFpu(UserThread thread, ReadOnlySpan<byte> context)
    {
        UserFpu fpu = thread.Context.Fpu;
        ulong at = BinaryPrimitives.ReadUInt64LittleEndian(
            context[(SignalFrameLayout.ContextRegisters + SignalFrameLayout.FpuPointer)..]);
        if (at == 0)
        {
            fpu.Reset();
            return true;
        }

        FpuFrame frame = new(UserFpu.SizeBytes);
        byte[] buffer = thread.SignalState.FrameBuffer ?? new byte[frame.UserBytes];
        return frame.TryRestore(fpu, new UserAddress(at), buffer);
    }

    /// <summary>Takes the alternate stack back, if that is possible and wanted; no error ends the program.
    /// </summary>
    private static void RestoreStack(UserThread thread, ReadOnlySpan<byte> at, ulong stackPointer)
    {
        SignalStack stack = new()
        {
            Start = new UserAddress(BinaryPrimitives.ReadUInt64LittleEndian(at)),
            Flags = BinaryPrimitives.ReadInt32LittleEndian(at[SignalFrameLayout.StackFlags..]),
            LengthBytes = BinaryPrimitives.ReadUInt64LittleEndian(at[SignalFrameLayout.StackBytes..]),
        };
        _ = AlternateStack.Set(thread, stack, stackPointer); // sigreturn(2) has nobody to report to.
    }
}
