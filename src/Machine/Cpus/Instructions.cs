using System.Runtime;
using System.Runtime.CompilerServices;

namespace Cashew.Machine;

/// <summary>Single instructions that C# has no word for (Instructions.S).</summary>
internal static unsafe class Instructions
{
    /// <summary>Were interrupts on? They are off afterwards.</summary>
    internal static bool DisableInterrupts() => DisableInterruptsCore() != 0;

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_sti")]
    internal static extern void EnableInterrupts();

    /// <summary>Turns interrupts off and makes a holder of zero this processor + 1. See
    /// <see cref="SpinLock"/> for the answer.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_spin_acquire")]
    internal static extern int AcquireSpinLock(ref int holder);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_flags")]
    internal static extern ulong ReadFlags();

    /// <summary>Enables interrupts, waits for one, and disables them again; none is lost in
    /// between.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_wait_for_interrupt")]
    internal static extern void WaitForInterrupt();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_halt")]
    internal static extern void Halt();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_pause")]
    internal static extern void Pause();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_cpu_block")]
    internal static extern CpuBlock* CurrentCpu();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_rdtsc")]
    internal static extern ulong ReadTsc();

    /// <summary>The counts since a start, multiplied by a 32.32 fixed-point number. C# has no 128-bit product
    /// for this processor, and a switch reads the clock three times.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_read_clock")]
    internal static extern long ReadClock(ulong start, ulong multiplier);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_rdmsr")]
    internal static extern ulong ReadMsr(uint register);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_wrmsr")]
    internal static extern void WriteMsr(uint register, ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_cpuid")]
    internal static extern void Cpuid(uint leaf, uint subleaf, uint* registers);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_read_cr0")]
    internal static extern ulong ReadCr0();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_read_cr2")]
    internal static extern ulong ReadCr2();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_read_dr6")]
    internal static extern ulong ReadDr6();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_write_dr6")]
    internal static extern void WriteDr6(ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_write_dr7")]
    internal static extern void WriteDr7(ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_write_breakpoints")]
    internal static extern void WriteBreakpoints(ulong dr0, ulong dr1, ulong dr2, ulong dr3);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_read_cr3")]
    internal static extern ulong ReadCr3();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_write_cr3")]
    internal static extern void WriteCr3(ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_read_cr4")]
    internal static extern ulong ReadCr4();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_write_cr4")]
    internal static extern void WriteCr4(ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_xsetbv")]
    internal static extern void WriteXcr0(ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_invlpg")]
    internal static extern void InvalidatePage(ulong address);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_in8")]
    internal static extern byte In8(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_in16")]
    internal static extern ushort In16(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_in32")]
    internal static extern uint In32(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_out8")]
    internal static extern void Out8(ushort port, byte value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_out16")]
    internal static extern void Out16(ushort port, ushort value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_out32")]
    internal static extern void Out32(ushort port, uint value);

    /// <summary>A hardware random word; false when there is no such instruction or it has run dry.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_rdrand")]
    internal static extern int TryRandom(ulong* value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_lgdt")]
    internal static extern void LoadGdt(void* descriptor, ushort tssSelector);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_lidt")]
    internal static extern void LoadIdt(void* descriptor);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_triple_fault")]
    internal static extern void TripleFault();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_frame_pointer")]
    internal static extern ulong FramePointer();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_cli")]
    private static extern int DisableInterruptsCore();
}
