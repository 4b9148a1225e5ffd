using System.Runtime.CompilerServices;

namespace Cashew.Machine;

/// <summary>From a vector to its handler.</summary>
[EagerStaticClassConstruction] // the first interrupt must not be what makes these
internal static unsafe class Interrupts
{
    internal const int TimerVector = 0xF0;
    internal const int SpuriousVector = 0xFF;

    private const int FirstDeviceVector = 0x40;
    private const int LastDeviceVector = 0xEF;

    // Entries are written once, before their line is unmasked.
    private static readonly IrqHandler?[] s_handlers = new IrqHandler?[VectorCount];
    private static readonly SpinLock s_lock = new(LockRank.Irq);
    private static int s_nextVector = FirstDeviceVector; // protected by s_lock

    // Counted by the processor that takes them, with interrupts off.
    private static readonly long[] s_counts = new long[VectorCount];
    private const int VectorCount = 256;

    /// <summary>How often a vector was taken since boot.</summary>
    internal static long CountOf(int vector) => s_counts[vector];

    internal static bool TryAssign(IrqHandler handler, out int vector)
    {
        using (s_lock.Acquire())
        {
            vector = s_nextVector;
            if (vector > LastDeviceVector)
            {
                return false;
            }

            s_nextVector++;
        }

        s_handlers[vector] = handler;
        return true;
    }

    internal static void Dispatch(int vector)
    {
        s_counts[vector]++;
        if (vector == SpuriousVector)
        {
            return; // nothing to acknowledge
        }

        CpuBlock* cpu = CpuBlock.Current;
        cpu->InterruptDepth++;
        if (vector == TimerVector)
        {
            LocalTimer.Fired();
        }
        else
        {
            s_handlers[vector]?.Handle();
        }

        LocalApic.Acknowledge();
        cpu->InterruptDepth--;
    }
}
