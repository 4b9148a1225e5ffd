using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The ucontext of a signal frame: the interrupted program, as the handler sees it and may change
/// it.
/// </summary>
/// <source>asm/ucontext.h, asm/sigcontext.h; getcontext(3).</source>
internal static class UserContext
{
    internal static void Fill(ref Ucontext context, UserThread thread, in UserRegisters user, UserAddress fpuAt)
    {
        ThreadSignals signals = thread.SignalState;
        uint flags = FpFrameMagic.UC_SIGCONTEXT_SS | FpFrameMagic.UC_STRICT_RESTORE_SS;
        if (UserFpu.SizeBytes > FpuFrame.LegacyBytes) flags |= FpFrameMagic.UC_FP_XSTATE;
        context.uc_flags = flags;
        context.uc_sigmask = signals.MaskToRestore.Bits;
        context.uc_stack.ss_sp = signals.Stack.Start.Value;
        context.uc_stack.ss_flags = signals.Stack.Report(user.Rsp);
        context.uc_stack.ss_size = signals.Stack.LengthBytes;

        ref Sigcontext registers = ref context.uc_mcontext;
        FillRegisters(ref registers, in user);
        registers.cs = (ushort)user.Cs;
        registers.ss = (ushort)user.Ss;
        registers.err = thread.LastFault.ErrorCode;
        registers.trapno = (ulong)thread.LastFault.Vector;
        registers.oldmask = signals.MaskToRestore.Bits;
        registers.cr2 = thread.LastFault.Address.Value;
        registers.fpstate = fpuAt.Value;
    }

    /// <summary>Takes registers back from a context that the program may have changed at will.</summary>
    internal static void ReadRegisters(in Sigcontext at, ref UserRegisters user)
    {
        user.R8 = at.r8;
        user.R9 = at.r9;
        user.R10 = at.r10;
        user.R11 = at.r11;
        user.R12 = at.r12;
        user.R13 = at.r13;
        user.R14 = at.r14;
        user.R15 = at.r15;
        user.Rdi = at.rdi;
        user.Rsi = at.rsi;
        user.Rbp = at.rbp;
        user.Rbx = at.rbx;
        user.Rdx = at.rdx;
        user.Rax = at.rax;
        user.Rcx = at.rcx;
        user.Rsp = at.rsp;
        user.Rip = at.rip;
        user.Rflags = user.Rflags & ~RflagsBits.UserChangeable | at.eflags & RflagsBits.UserChangeable;
    }

    private static void FillRegisters(ref Sigcontext at, in UserRegisters user)
    {
        at.r8 = user.R8;
        at.r9 = user.R9;
        at.r10 = user.R10;
        at.r11 = user.R11;
        at.r12 = user.R12;
        at.r13 = user.R13;
        at.r14 = user.R14;
        at.r15 = user.R15;
        at.rdi = user.Rdi;
        at.rsi = user.Rsi;
        at.rbp = user.Rbp;
        at.rbx = user.Rbx;
        at.rdx = user.Rdx;
        at.rax = user.Rax;
        at.rcx = user.Rcx;
        at.rsp = user.Rsp;
        at.rip = user.Rip;
        at.eflags = user.Rflags;
    }
}
