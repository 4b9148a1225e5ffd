namespace Cashew.Machine;

/// <summary>This processor, and how many there are.</summary>
public static unsafe class Cpu
{
    private const ulong InterruptFlag = 1 << 9;

    private static int s_count = 1;

    /// <summary>Processors that run the kernel.</summary>
    public static int Count => s_count;

    /// <summary>Which one executes this; stable, because threads change processors only when they
    /// block.</summary>
    public static int CurrentId => CpuBlock.Current->Id;

    public static bool InterruptsEnabled => (Instructions.ReadFlags() & InterruptFlag) != 0;

    /// <summary>Is an interrupt handler running?</summary>
    public static bool IsInInterrupt => CpuBlock.Current->InterruptDepth != 0;

    /// <summary>Has <see cref="KernelEntry.BeforeReturnToUser"/> called before this processor next goes to
    /// user mode.</summary>
    public static void RequestAttention() => CpuBlock.Current->Attention = 1;

    /// <summary>The same for any processor; one that waits for an interrupt gets one.</summary>
    public static void RequestAttention(int cpu)
    {
        if (cpu != CurrentId)
        {
            // Comes with the start of further processors, which alone makes other numbers possible.
            Panic.Stop("attention was requested of a processor that does not run");
        }

        RequestAttention();
    }

    /// <summary>Stops until the next interrupt. Called with interrupts off; the handler has run when it
    /// returns.</summary>
    public static void WaitForInterrupt() => Instructions.WaitForInterrupt();

    /// <summary>The time-stamp counter.</summary>
    public static ulong ReadCycles() => Instructions.ReadTsc();

    public static void EnableInterrupts() => Instructions.EnableInterrupts();

    public static void DisableInterrupts() => _ = Instructions.DisableInterrupts();
}
