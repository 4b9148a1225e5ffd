using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>What a user program had in its registers when it entered the kernel; changed here, it comes back
/// changed.</summary>
/// <remarks>The order is that of Linux's user_regs_struct, which debuggers see.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct UserRegisters
{
    /// <summary>The flags a program may choose: CF PF AF ZF SF TF DF OF RF AC ID.</summary>
    public const ulong UserFlagsMask = 0x25_0DD5;

    public const ulong UserCodeSelector = 0x33;
    public const ulong UserDataSelector = 0x2B;

    private const ulong AlwaysSetFlags = 0x202; // interrupts on, and the bit that is always one

    public ulong R15;
    public ulong R14;
    public ulong R13;
    public ulong R12;
    public ulong Rbp;
    public ulong Rbx;
    public ulong R11;
    public ulong R10;
    public ulong R9;
    public ulong R8;
    public ulong Rax;
    public ulong Rcx;
    public ulong Rdx;
    public ulong Rsi;
    public ulong Rdi;

    /// <summary>The number of the system call; all ones when an interrupt or exception was the way
    /// in.</summary>
    public ulong OriginalRax;
    public ulong Rip;
    public ulong Cs;
    public ulong Rflags;
    public ulong Rsp;
    public ulong Ss;

    /// <summary>Takes away what a program must not have, whatever a signal frame or a debugger put
    /// here.</summary>
    public void Sanitize()
    {
        Cs = UserCodeSelector;
        Ss = UserDataSelector;
        Rflags = (Rflags & UserFlagsMask) | AlwaysSetFlags;
        if (Rip >= UserAddress.LimitValue)
        {
            Rip = UserAddress.LimitValue; // faults at once, in user mode
        }
    }
}
