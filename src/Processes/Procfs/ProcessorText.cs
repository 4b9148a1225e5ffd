using System;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>/proc/cpuinfo.</summary>
/// <source>proc_cpuinfo(5).</source>
internal static class ProcessorText
{
    private const int VendorBytes = 12;
    private const int BrandBytes = 48;
    private const ulong Kilo = 1000;
    private const ulong Mega = 1_000_000;

    internal static void Append(ByteBuilder text)
    {
        for (int cpu = 0; cpu < Cpu.Count; cpu++)
        {
            AppendModel(text, cpu);
            AppendPlace(text, cpu);
            text.Append("fpu\t\t: yes\nfpu_exception\t: yes\nwp\t\t: yes\nflags\t\t:"u8);
            ProcessorFlags.Append(text);

            // The figure that a delay loop on Linux derives from the clock, two per cycle.
            AppendMegahertz(text, "\nbogomips\t: "u8, Clock.CyclesPerSecond * 2, Mega / 100, 2);
            text.Append("\nclflush size\t: 64\ncache_alignment\t: 64\n"u8);
            AppendAddressSizes(text);
            text.Append((byte)'\n');
        }
    }

    private static void AppendModel(ByteBuilder text, int cpu)
    {
        Span<byte> vendor = stackalloc byte[VendorBytes];
        Span<byte> brand = stackalloc byte[BrandBytes];
        CpuFeatures.CopyVendor(vendor);
        CpuFeatures.CopyBrand(brand);
        text.Append("processor\t: "u8).Append((long)cpu);
        text.Append("\nvendor_id\t: "u8).Append(vendor);
        text.Append("\ncpu family\t: "u8).Append((long)CpuFeatures.Family);
        text.Append("\nmodel\t\t: "u8).Append((long)CpuFeatures.Model);
        text.Append("\nmodel name\t: "u8).Append(Trim(brand));
        text.Append("\nstepping\t: "u8).Append((long)CpuFeatures.Stepping);
        AppendMegahertz(text, "\ncpu MHz\t\t: "u8, Clock.CyclesPerSecond, Kilo, 3);
    }

    // Every processor is a package of one core: what else there is the virtual machine does not tell.
    private static void AppendPlace(ByteBuilder text, int cpu)
    {
        text.Append("\nphysical id\t: "u8).Append((long)cpu);
        text.Append("\nsiblings\t: 1\ncore id\t\t: 0\ncpu cores\t: 1"u8);
        text.Append("\napicid\t\t: "u8).Append((long)cpu);
        text.Append("\ninitial apicid\t: "u8).Append((long)cpu).Append((byte)'\n');
    }

    private static void AppendAddressSizes(ByteBuilder text)
    {
        if (!CpuFeatures.TryGetAddressBits(out int physicalBits, out int virtualBits)) return;
        text.Append("address sizes\t: "u8).Append((long)physicalBits).Append(" bits physical, "u8);
        text.Append((long)virtualBits).Append(" bits virtual\n"u8);
    }

    private static void AppendMegahertz(
        ByteBuilder text, ReadOnlySpan<byte> label, ulong hertz, ulong smallestUnit, int decimals)
    {
        text.Append(label).Append(hertz / Mega).Append((byte)'.');
        text.AppendPadded(hertz % Mega / smallestUnit, decimals);
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> brand)
    {
        int end = brand.IndexOf((byte)0);
        if (end >= 0) brand = brand[..end];
        return brand.Trim((byte)' ');
    }
}
