namespace Cashew.Machine;

/// <summary>
/// This processor's one-shot alarm: the TSC deadline where there is one, else the APIC's counter, whose speed
/// is measured against the clock. There is no tick.
/// </summary>
/// <source>Intel SDM volume 3, 11.5.4.</source>
public static class LocalTimer
{
    private const uint MsrTscDeadline = 0x6E0;
    private const uint DeadlineMode = 2 << 17;
    private const uint Masked = 0x1_0000;
    private const long NeverValue = long.MaxValue;

    private static bool s_usesDeadline;
    private static ulong s_countsPerSecond;

    /// <summary>Sets the alarm to a point of <see cref="Clock.Monotonic"/>; one in the past goes off at
    /// once.</summary>
    public static void SetDeadline(Nanoseconds deadline)
    {
        if (deadline.Value == NeverValue)
        {
            Cancel();
            return;
        }

        if (s_usesDeadline)
        {
            ulong count = Clock.StartCount + Clock.ToCycles(deadline);
            Instructions.WriteMsr(MsrTscDeadline, count != 0 ? count : 1);
            return;
        }

        long left = (deadline - Clock.Monotonic).Value;
        ulong counts = left <= 0 ? 1 : Counts((ulong)left);
        // A far alarm goes off early; whoever set it sets it again.
        LocalApic.Write(LocalApic.InitialCountRegister, counts > uint.MaxValue ? uint.MaxValue : (uint)counts);
    }

    public static void Cancel()
    {
        if (s_usesDeadline)
        {
            Instructions.WriteMsr(MsrTscDeadline, 0);
        }
        else
        {
            LocalApic.Write(LocalApic.InitialCountRegister, 0);
        }
    }

    internal static void Initialize()
    {
        s_usesDeadline = CpuFeatures.HasTscDeadline;
        if (s_usesDeadline)
        {
            LocalApic.Write(LocalApic.TimerRegister, Interrupts.TimerVector | DeadlineMode);
            return;
        }

        LocalApic.Write(LocalApic.TimerRegister, Interrupts.TimerVector | Masked);
        s_countsPerSecond = Measure();
        LocalApic.Write(LocalApic.InitialCountRegister, 0);
        LocalApic.Write(LocalApic.TimerRegister, Interrupts.TimerVector);
    }

    internal static void Fired() => KernelEntry.Installed?.TimerExpired();

    private static ulong Counts(ulong nanoseconds)
    {
        ulong high = System.Math.BigMul(nanoseconds, s_countsPerSecond, out ulong low);
        return high != 0 ? uint.MaxValue : low / (ulong)Nanoseconds.PerSecond + 1;
    }

    private static ulong Measure()
    {
        const long SpanNs = 500 * Nanoseconds.PerMicrosecond;
        LocalApic.Write(LocalApic.InitialCountRegister, uint.MaxValue);
        Nanoseconds start = Clock.Monotonic;
        uint first = LocalApic.Read(LocalApic.CurrentCountRegister);
        Nanoseconds now = start;
        while ((now - start).Value < SpanNs)
        {
            now = Clock.Monotonic;
        }

        uint counted = first - LocalApic.Read(LocalApic.CurrentCountRegister);
        return counted * (ulong)Nanoseconds.PerSecond / (ulong)(now - start).Value;
    }
}
