using System.Runtime;

namespace Cashew.Machine;

/// <summary>Where Trap.S calls C#.</summary>
internal static unsafe class Traps
{
    private const ulong NotASystemCall = ulong.MaxValue;
    private const int FirstInterrupt = 32;

    // Page-fault error code: Intel SDM volume 3, figure 4-12.
    private const ulong FaultPresent = 1;
    private const ulong FaultWrite = 2;
    private const ulong FaultUser = 4;
    private const ulong FaultReserved = 8;
    private const ulong FaultFetch = 16;
    private const ulong InterruptFlag = 1 << 9;
    private const ulong ResumeFlag = 1 << 16;

    [RuntimeExport("cashew_syscall")]
    internal static void SystemCall(TrapFrame* frame) => KernelEntry.Installed!.SystemCall(ref frame->Registers);

    [RuntimeExport("cashew_attention")]
    internal static void Attention(TrapFrame* frame)
    {
        Instructions.EnableInterrupts();
        KernelEntry.Installed!.BeforeReturnToUser(ref frame->Registers);
        frame->Registers.Sanitize();
    }

    [RuntimeExport("cashew_trap")]
    internal static void Trap(int vector, TrapFrame* frame)
    {
        if (vector >= FirstInterrupt)
        {
            Interrupts.Dispatch(vector);
            if (frame->IsFromUser)
            {
                frame->Registers.OriginalRax = NotASystemCall;
            }

            return;
        }

        ulong errorCode = frame->Registers.OriginalRax;
        ulong address = vector == (int)ExceptionVector.PageFault ? Instructions.ReadCr2() : 0;
        if (frame->IsFromUser)
        {
            frame->Registers.OriginalRax = NotASystemCall;
            FromUser((ExceptionVector)vector, errorCode, address, frame);
        }
        else if (vector != (int)ExceptionVector.PageFault || !TryKernelPageFault(errorCode, address, frame))
        {
            KernelBug((ExceptionVector)vector, address, frame);
        }
    }

    /// <summary>The vectors that arrive on stacks of their own. None of them may block.</summary>
    [RuntimeExport("cashew_paranoid_trap")]
    internal static void ParanoidTrap(int vector, TrapFrame* frame)
    {
        switch ((ExceptionVector)vector)
        {
            case ExceptionVector.NonMaskable:
                return;
            case ExceptionVector.Debug when frame->IsFromUser:
                DebugFromUser(frame);
                return;
            case ExceptionVector.Debug:
                // A data breakpoint or a single step into the kernel: the program's business, not ours.
                frame->Registers.Rflags &= ~0x100UL;
                _ = DebugRegisters.TakeStatus(); // or the program's next one would seem to have this cause, too
                return;
            case ExceptionVector.DoubleFault when KernelStacks.IsGuard(Instructions.ReadCr2()):
                Panic.Stop("a kernel stack overflowed", frame, Instructions.ReadCr2());
                return;
            default:
                KernelBug((ExceptionVector)vector, Instructions.ReadCr2(), frame);
                return;
        }
    }

    private static void FromUser(ExceptionVector vector, ulong errorCode, ulong address, TrapFrame* frame)
    {
        Instructions.EnableInterrupts();
        if (vector == ExceptionVector.PageFault && (errorCode & FaultReserved) == 0)
        {
            _ = KernelEntry.Installed!.PageFault(
                new UserAddress(address), Access(errorCode), fromUser: true, ref frame->Registers);
            return;
        }

        KernelEntry.Installed!.UserException(
            ref frame->Registers, new UserException(vector, errorCode, new UserAddress(frame->Registers.Rip)));
    }

    /// <summary>
    /// Single steps and debug registers of a program: delivered on the way back, from the thread's own stack,
    /// because this one belongs to the processor.
    /// </summary>
    private static void DebugFromUser(TrapFrame* frame)
    {
        frame->Registers.OriginalRax = NotASystemCall;
        ulong status = DebugRegisters.TakeStatus();
        if (DebugRegisters.IsBeforeInstruction(status))
        {
            frame->Registers.Rflags |= ResumeFlag; // or it would come again before the instruction has run
        }

        // The thread's own frame lies at the top of its stack; go on there.
        TrapFrame* own = (TrapFrame*)(CpuBlock.Current->StackTop - (ulong)sizeof(TrapFrame));
        *own = *frame;
        DebugTrap.Continue(own, status);
    }

    /// <summary>Only the user-copy routines may touch user memory; anything else is a bug.</summary>
    private static bool TryKernelPageFault(ulong errorCode, ulong address, TrapFrame* frame)
    {
        if (address >= UserAddress.LimitValue || !UserAccess.TryFindFixup(frame->Registers.Rip, out ulong continuation))
        {
            return false;
        }

        // With interrupts off there is a lock held, and nobody can wait for a page.
        if ((frame->Registers.Rflags & InterruptFlag) != 0 && (errorCode & FaultReserved) == 0)
        {
            Instructions.EnableInterrupts();
            bool isHandled = KernelEntry.Installed!.PageFault(
                new UserAddress(address), Access(errorCode), fromUser: false, ref frame->Registers);
            _ = Instructions.DisableInterrupts();
            if (isHandled)
            {
                return true;
            }
        }

        frame->Registers.Rip = continuation;
        return true;
    }

    private static FaultAccess Access(ulong errorCode)
    {
        FaultAccess access = (errorCode & FaultFetch) != 0 ? FaultAccess.Execute
            : (errorCode & FaultWrite) != 0 ? FaultAccess.Write
            : FaultAccess.Read;
        return (errorCode & FaultPresent) != 0 ? access | FaultAccess.Present : access;
    }

    private static void KernelBug(ExceptionVector vector, ulong address, TrapFrame* frame)
    {
        string message = vector switch
        {
            ExceptionVector.PageFault when KernelStacks.IsGuard(address) => "a kernel stack overflowed",
            ExceptionVector.PageFault when address < FrameTable.FrameSizeBytes => "null reference in the kernel",
            ExceptionVector.PageFault => "page fault in the kernel",
            ExceptionVector.DivideError => "division by zero in the kernel",
            ExceptionVector.InvalidOpcode => "invalid instruction in the kernel",
            ExceptionVector.GeneralProtection => "general protection fault in the kernel",
            ExceptionVector.DoubleFault => "double fault",
            ExceptionVector.MachineCheck => "machine check",
            _ => "exception in the kernel",
        };
        Panic.Stop(message, frame, address);
    }
}
