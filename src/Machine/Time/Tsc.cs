namespace Cashew.Machine;

/// <summary>How fast the time-stamp counter runs.</summary>
/// <source>
/// Intel SDM volume 3, 19.17 (leaf 0x15); KVM's pvclock (Documentation/virt/kvm/x86/msr.rst); Intel 8254 data
/// sheet.
/// </source>
internal static unsafe class Tsc
{
    private const uint MsrPvclock = 0x4B56_4D01;

    /// <summary>Hertz, from the best source there is; zero when there is none.</summary>
    internal static ulong MeasureFrequency()
    {
        ulong frequency = FromCpuid();
        if (frequency == 0)
        {
            frequency = FromPvclock();
        }

        if (frequency == 0)
        {
            frequency = FromPit();
        }

        return frequency != 0 ? frequency : FromApicTimer();
    }

    /// <summary>Last resort: under KVM and QEMU the APIC's timer counts nanoseconds.</summary>
    private static ulong FromApicTimer()
    {
        const uint Span = 5_000_000;
        const int MaximumPolls = 10_000_000;
        LocalApic.Write(LocalApic.InitialCountRegister, uint.MaxValue);
        ulong start = Instructions.ReadTsc();
        for (int polls = 0; polls < MaximumPolls; polls++)
        {
            uint elapsed = uint.MaxValue - LocalApic.Read(LocalApic.CurrentCountRegister);
            if (elapsed >= Span)
            {
                ulong cycles = Instructions.ReadTsc() - start;
                LocalApic.Write(LocalApic.InitialCountRegister, 0);
                return cycles * (ulong)Nanoseconds.PerSecond / elapsed;
            }
        }

        return 0;
    }

    private static ulong FromCpuid()
    {
        CpuidRegisters leaf = CpuFeatures.ReadIfPresent(0x15, 0);
        return leaf.Eax != 0 && leaf.Ebx != 0 && leaf.Ecx != 0 ? (ulong)leaf.Ecx * leaf.Ebx / leaf.Eax : 0;
    }

    private static ulong FromPvclock()
    {
        if (!Pvclock.IsPresent)
        {
            return 0;
        }

        Pvclock.TimeInfo info = Pvclock.Read(MsrPvclock);
        if (info.Multiplier == 0)
        {
            return 0;
        }

        ulong frequency = (1_000_000_000UL << 32) / info.Multiplier;
        return info.Shift < 0 ? frequency << -info.Shift : frequency >> info.Shift;
    }

    /// <summary>
    /// Counts while channel 0 of the interval timer runs down, read by latching: its interrupt is masked, and
    /// the gate port that channel 2 would need does not exist on every machine.
    /// </summary>
    private static ulong FromPit()
    {
        const ushort Control = 0x43;
        const ushort Channel0 = 0x40;
        const ulong PitHertz = 1_193_182;
        const int WantedTicks = 5966; // 5 ms: an error of a tick is 170 ppm
        const int MaximumPolls = 1_000_000;

        Instructions.Out8(Control, 0x30); // channel 0, low then high byte, mode 0: count down once
        Instructions.Out8(Channel0, 0xFF);
        Instructions.Out8(Channel0, 0xFF);
        int first = ReadChannel0(Control, Channel0);
        ulong start = Instructions.ReadTsc();
        for (int polls = 0; polls < MaximumPolls; polls++)
        {
            int ticks = (first - ReadChannel0(Control, Channel0)) & 0xFFFF;
            ulong elapsed = Instructions.ReadTsc() - start;
            if (ticks >= WantedTicks)
            {
                return elapsed * PitHertz / (ulong)ticks;
            }
        }

        return 0; // no such device: its port always reads the same
    }

    private static int ReadChannel0(ushort control, ushort channel)
    {
        Instructions.Out8(control, 0x00); // latch
        int low = Instructions.In8(channel);
        return low | (Instructions.In8(channel) << 8);
    }
}
