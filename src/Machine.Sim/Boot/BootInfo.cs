using System;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>What the boot loader told us; tests set it with <see cref="Simulation.SetBoot"/>.</summary>
public static class BootInfo
{
    public static ReadOnlySpan<byte> CommandLine => Simulation.Current.CommandLine;

    public static bool IsCommandLineTruncated => false;

    public static BootModule? Initramfs => Simulation.Current.Initramfs;

    public static long MemoryBytes => Frame.TotalCount * Frame.SizeBytes;
}
