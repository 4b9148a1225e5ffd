namespace Cashew.Machine;

/// <summary>What the kernel above does when a program or a device calls. Installed once, at boot.</summary>
public abstract class KernelEntry
{
    private static KernelEntry? s_installed;

    public static KernelEntry? Installed => s_installed;

    public static void Install(KernelEntry entry) => s_installed = entry;

    /// <summary>A system call: the number is in OriginalRax, the result goes to Rax. Interrupts are
    /// on.</summary>
    public abstract void SystemCall(ref UserRegisters user);

    /// <summary>
    /// A page fault at a user address. True: the instruction is tried again. With <paramref name="fromUser"/>
    /// false it was one of the kernel's user copies, and false makes the copy come up short.
    /// </summary>
    public abstract bool PageFault(UserAddress at, FaultAccess access, bool fromUser, ref UserRegisters user);

    /// <summary>Any other exception in user mode; becomes a signal.</summary>
    public abstract void UserException(ref UserRegisters user, UserException exception);

    /// <summary>On the way to user mode, when <see cref="Cpu.RequestAttention"/> was called since the last
    /// time.</summary>
    public abstract void BeforeReturnToUser(ref UserRegisters user);

    /// <summary>The deadline of <see cref="LocalTimer"/> has passed. Interrupt context.</summary>
    public abstract void TimerExpired();
}
