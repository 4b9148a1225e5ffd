using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Turns what the processor objects to into signals.</summary>
/// <source>sigaction(2), the si_code tables; signal(7); Intel SDM volume 3, chapter 6.</source>
internal static class UserFaults
{
    // The page-fault error code, as signal frames show it: Intel SDM volume 3, figure 4-12.
    private const ulong ErrorPresent = 1;
    private const ulong ErrorWrite = 2;
    private const ulong ErrorUser = 4;
    private const ulong ErrorFetch = 16;

    internal static void RaisePageFault(UserThread thread, UserAddress at, FaultAccess access, FaultResult result)
    {
        ulong errorCode = ErrorUser;
        if ((access & FaultAccess.Present) != 0) errorCode |= ErrorPresent;
        if ((access & FaultAccess.Write) != 0) errorCode |= ErrorWrite;
        if ((access & FaultAccess.Execute) != 0) errorCode |= ErrorFetch;
        thread.LastFault = new UserException(ExceptionVector.PageFault, errorCode, at);

        SignalInfo info = result switch
        {
            FaultResult.BadAccess => SignalInfo.FromFault(Signals.SIGSEGV, SigInfoCode.SEGV_ACCERR, at),
            FaultResult.BusError => SignalInfo.FromFault(Signals.SIGBUS, SigInfoCode.BUS_ADRERR, at),
            FaultResult.OutOfMemory => SignalInfo.FromFault(Signals.SIGBUS, SigInfoCode.BUS_ADRERR, at),
            _ => SignalInfo.FromFault(Signals.SIGSEGV, SigInfoCode.SEGV_MAPERR, at),
        };
        SignalSender.Force(thread, info);
    }

    internal static void Raise(UserThread thread, in UserRegisters user, UserException exception)
    {
        thread.LastFault = exception;
        if (exception.Vector == ExceptionVector.Debug)
        {
            thread.DebugStatus = exception.DebugStatus;
            if (SingleStep.IsLeftOver(thread, exception.DebugStatus)) return;
        }

        UserAddress here = new(user.Rip);
        SignalInfo info = exception.Vector switch
        {
            ExceptionVector.DivideError => SignalInfo.FromFault(Signals.SIGFPE, SigInfoCode.FPE_INTDIV, here),
            ExceptionVector.Debug => SignalInfo.FromFault(Signals.SIGTRAP, TrapCode(exception), here),
            ExceptionVector.Breakpoint => SignalInfo.FromKernel(Signals.SIGTRAP),
            ExceptionVector.InvalidOpcode => SignalInfo.FromFault(Signals.SIGILL, SigInfoCode.ILL_ILLOPN, here),
            ExceptionVector.AlignmentCheck => SignalInfo.FromFault(Signals.SIGBUS, SigInfoCode.BUS_ADRALN, default),
            ExceptionVector.FloatingPoint or ExceptionVector.SimdFloatingPoint =>
                SignalInfo.FromFault(Signals.SIGFPE, FpuFault.Code(thread, exception.Vector), here),
            ExceptionVector.SegmentNotPresent or ExceptionVector.StackFault or ExceptionVector.MachineCheck =>
                SignalInfo.FromKernel(Signals.SIGBUS),
            _ => SignalInfo.FromKernel(Signals.SIGSEGV),
        };
        SignalSender.Force(thread, info);
    }

    /// <summary>A single step, the program's own or its tracer's; a break- or watchpoint; or an INT1
    /// instruction.</summary>
    private static int TrapCode(UserException exception) =>
        (exception.DebugStatus & DebugControl.Step) != 0 ? SigInfoCode.TRAP_TRACE
        : (exception.DebugStatus & DebugControl.HitMask) != 0 ? SigInfoCode.TRAP_HWBKPT
        : SigInfoCode.TRAP_BRKPT;
}
