using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// Puts a frame on the user's stack that makes the program run its handler, and that rt_sigreturn(2) undoes:
/// return address, ucontext, siginfo, and above them the floating-point state.
/// </summary>
/// <source>
/// The structures of asm/sigcontext.h and asm/ucontext.h; the x86-64 psABI, 3.2.2 "The Stack Frame" for the
/// red zone and the alignment; sigreturn(2).
/// </source>
internal static class SignalFrame
{
    /// <summary>What a leaf function may use below the stack pointer without moving it.</summary>
    private const ulong RedZoneBytes = 128;

    private const ulong StackAlignment = 16;
    private const ulong FpuAlignment = 64;

    /// <summary>What a handler's stack must have for the frame alone, with all alignment.</summary>
    /// <source>getauxval(3), AT_MINSIGSTKSZ.</source>
    internal static ulong MinimumStackBytes
    {
        get
        {
            ulong bytes = SignalFrameImage.LengthBytes + (ulong)new FpuFrame(UserFpu.SizeBytes).UserBytes
                + FpuAlignment + StackAlignment + sizeof(ulong);
            return bytes + StackAlignment - 1 & ~(StackAlignment - 1);
        }
    }

    /// <summary>False when the stack has no room; the caller raises SIGSEGV.</summary>
    internal static bool TryPush(
        UserThread thread, ref UserRegisters user, in SignalInfo info, SignalAction action)
    {
        // Without a restorer the handler would return to nowhere. x86-64 never had another way.
        if (!action.Has(SigactionBits.SA_RESTORER)) return false;

        FpuFrame fpu = new(UserFpu.SizeBytes);
        if (!TryPlace(thread, user.Rsp, action, fpu.UserBytes, out ulong frame, out ulong fpuAt)) return false;

        SignalFrameImage image = default;
        image.Restorer = action.Restorer;
        UserContext.Fill(ref image.Context, thread, in user, new UserAddress(fpuAt));
        info.Fill(ref image.Info);
        if (!UserMemory.TryWrite(new UserAddress(frame), in image)) return false;
        if (!fpu.TrySaveAndReset(thread.Context.Fpu, new UserAddress(fpuAt))) return false;

        EnterHandler(thread, ref user, frame, info.Number, action);
        return true;
    }

    /// <summary>Finds the frame's place: on the stack in use, or at the top of the alternate one.</summary>
    private static bool TryPlace(
        UserThread thread, ulong stackPointer, SignalAction action, int fpuBytes, out ulong frame, out ulong fpuAt)
    {
        SignalStack stack = thread.SignalState.Stack;
        bool isBound = stack.IsInUse(stackPointer);
        ulong top = stackPointer - RedZoneBytes;
        if (action.Has(SigactionBits.SA_ONSTACK) && stack.LengthBytes != 0 && !stack.IsInUse(top))
        {
            top = stack.Start.Value + stack.LengthBytes;
            isBound = true;
        }

        fpuAt = top - (ulong)fpuBytes & ~(FpuAlignment - 1);
        // As if the handler had been called: aligned but for the return address.
        frame = (fpuAt - SignalFrameImage.LengthBytes & ~(StackAlignment - 1)) - sizeof(ulong);
        if (frame >= UserAddress.LimitValue || fpuAt >= UserAddress.LimitValue || frame > fpuAt) return false;
        return !isBound || stack.Holds(frame);
    }

    private static void EnterHandler(
        UserThread thread, ref UserRegisters user, ulong frame, int signal, SignalAction action)
    {
        user.Rdi = (ulong)signal;
        user.Rsi = frame + SignalFrameImage.InfoOffset;
        user.Rdx = frame + SignalFrameImage.ContextOffset;
        // For handlers compiled as functions with variable arguments: no vector registers are used.
        user.Rax = 0;
        user.Rsp = frame;
        user.Rip = action.Handler;
        user.Rflags &= ~(RflagsBits.Direction | RflagsBits.Trap | RflagsBits.Resume);

        ThreadSignals signals = thread.SignalState;
        if ((signals.Stack.Flags & SignalStack.AutoDisarm) != 0) signals.Stack = default;
        SignalSet blocked = signals.Blocked | action.Mask;
        if (!action.Has(SigactionBits.SA_NODEFER)) blocked |= SignalSet.Of(signal);
        signals.HasSaved = false;
        PendingSignals.SetBlocked(thread, blocked);
    }
}
