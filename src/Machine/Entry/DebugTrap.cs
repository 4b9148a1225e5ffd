using System.Runtime;
using System.Runtime.CompilerServices;

namespace Cashew.Machine;

/// <summary>Moves a debug exception of a program from the processor's stack to the thread's.</summary>
internal static unsafe class DebugTrap
{
    internal static void Continue(TrapFrame* frame, ulong status) => Jump(frame, status);

    /// <summary>Runs on the thread's own stack.</summary>
    [RuntimeExport("cashew_debug_from_user")]
    internal static void Deliver(TrapFrame* frame, ulong status)
    {
        Instructions.EnableInterrupts();
        KernelEntry.Installed!.UserException(
            ref frame->Registers,
            new UserException(ExceptionVector.Debug, 0, new UserAddress(frame->Registers.Rip), status));
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_debug_jump")]
    private static extern void Jump(TrapFrame* frame, ulong status);
}
