using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// Undoes a signal frame. Everything in it may have been changed by the program, or never have been a frame:
/// a state that user mode must not be entered with ends in SIGSEGV.
/// </summary>
/// <source>sigreturn(2).</source>
public static class SignalReturn
{
    /// <summary>What the program's RAX held; the registers are replaced when this returns.</summary>
    public static SyscallResult Return(UserThread thread, ref UserRegisters user)
    {
        if (!TryReturn(thread, ref user)) SignalSender.ForceFatal(thread, Signals.SIGSEGV);
        // What comes next is no end of a call that could begin again.
        user.OriginalRax = ulong.MaxValue;
        // Nor is there one left to be gone on with: the handler has ended it.
        thread.SignalState.RestartBlock = null;
        return (nint)user.Rax;
    }

    private static bool TryReturn(UserThread thread, ref UserRegisters user)
    {
        // The handler's return has taken the first word of the frame off the stack.
        UserAddress at = new(user.Rsp - sizeof(ulong) + SignalFrameImage.ContextOffset);
        if (!UserMemory.TryRead(at, out Ucontext context)) return false;

        PendingSignals.SetBlocked(thread, new SignalSet(context.uc_sigmask));
        if (context.uc_mcontext.cs != (ushort)user.Cs) return false;

        UserContext.ReadRegisters(in context.uc_mcontext, ref user);
        if (!TryRestoreFpu(thread, context.uc_mcontext.fpstate)) return false;
        RestoreStack(thread, in context.uc_stack, user.Rsp);

        // An address that no program can have would fault inside the kernel's own return.
        return user.Rip < UserAddress.LimitValue;
    }

    private static bool TryRestoreFpu(UserThread thread, ulong at)
    {
        UserFpu fpu = thread.Context.Fpu;
        if (at == 0)
        {
            fpu.Reset();
            return true;
        }

        return new FpuFrame(UserFpu.SizeBytes).TryRestore(fpu, new UserAddress(at));
    }

    /// <summary>Takes the alternate stack back, if that is possible and wanted; no error ends the program.
    /// </summary>
    private static void RestoreStack(UserThread thread, in Sigaltstack at, ulong stackPointer)
    {
        SignalStack stack = new()
        {
            Start = new UserAddress(at.ss_sp),
            Flags = at.ss_flags,
            LengthBytes = at.ss_size,
        };
        _ = AlternateStack.Set(thread, stack, stackPointer); // sigreturn(2) has nobody to report to.
    }
}
