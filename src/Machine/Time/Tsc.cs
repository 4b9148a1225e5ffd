namespace Cashew.Machine;

/// <summary>How fast the time-stamp counter runs.</summary>
/// <source>
/// Intel SDM volume 3, 19.17 (leaf 0x15); KVM's pvclock (Documentation/virt/kvm/x86/msr.rst); Intel 8254 data sheet.
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

        return frequency != 0 ? frequency : FromPit();
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

    /// <summary>Counts while channel 2 of the interval timer runs down, without its interrupt.</summary>
    private static ulong FromPit()
    {
        const ushort Control = 0x43;
        const ushort Channel2 = 0x42;
        const ushort Gate = 0x61;
        const ulong PitHertz = 1_193_182;
        const ushort Ticks = 5966; // 5 ms: an error of a tick is 170 ppm
        const byte OutputBit = 0x20;
        const int MaximumPolls = 10_000_000;

        byte gate = Instructions.In8(Gate);
        Instructions.Out8(Gate, (byte)((gate & ~2) | 1)); // counter on, speaker off
        Instructions.Out8(Control, 0xB0);                 // channel 2, low then high byte, mode 0
        Instructions.Out8(Channel2, Ticks & 0xFF);
        Instructions.Out8(Channel2, Ticks >> 8);
        ulong start = Instructions.ReadTsc();
        int polls = 0;
        while ((Instructions.In8(Gate) & OutputBit) == 0 && polls < MaximumPolls)
        {
            polls++;
        }

        ulong elapsed = Instructions.ReadTsc() - start;
        Instructions.Out8(Gate, gate);
        // A missing device reads as all ones or all zeros: no time passed, or for ever.
        const int FewestPolls = 10;
        return polls is < FewestPolls or MaximumPolls ? 0 : elapsed * PitHertz / Ticks;
    }
}
