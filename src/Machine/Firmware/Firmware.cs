using System;

namespace Cashew.Machine;

/// <summary>
/// What the firmware says about processors, interrupt controllers and power: by ACPI, or by the older
/// multiprocessor table, which is all that microvm with acpi=off and Firecracker before 1.8 have. A machine
/// with neither has one controller at the PC's usual address.
/// </summary>
internal static class Firmware
{
    internal const int IsaLineCount = 16;

    private const ulong DefaultIoApic = 0xFEC0_0000;

    private static readonly IrqOverride[] s_isaRoutes = new IrqOverride[IsaLineCount];

    /// <summary>Processors that can be started, the running one among them.</summary>
    internal static int ProcessorCount { get; set; }

    internal static PowerRegisters PowerRegisters { get; set; }

    internal static IrqOverride IsaRoute(int line) => s_isaRoutes[line];

    internal static void SetIsaRoute(int line, IrqOverride route) => s_isaRoutes[line] = route;

    internal static void Discover()
    {
        for (int line = 0; line < IsaLineCount; line++)
        {
            s_isaRoutes[line] = new IrqOverride(line, IrqTrigger.EdgeHigh);
        }

        // A controller is what the kernel cannot do without; ACPI tables that name none do not count.
        if (Acpi.TryRead(out ReadOnlySpan<byte> vendor))
        {
            Report("ACPI tables"u8, vendor);
        }
        else if (MultiprocessorTable.TryRead(out vendor))
        {
            Report("multiprocessor table"u8, vendor);
        }
        else
        {
            ProcessorCount = 1;
            _ = IoApic.Add(DefaultIoApic, 0); // without it, devices have no interrupts, and say so themselves
            Log.Warning("firmware: no tables; going by what PCs are like"u8);
        }
    }

    internal static unsafe bool IsSumZero(byte* bytes, uint count)
    {
        byte sum = 0;
        for (uint i = 0; i < count; i++)
        {
            sum += bytes[i];
        }

        return sum == 0;
    }

    private static void Report(ReadOnlySpan<byte> what, ReadOnlySpan<byte> vendor)
    {
        vendor = vendor.TrimEnd((byte)' ');
        string processors = ProcessorCount == 1 ? "processor" : "processors";
        string apics = IoApic.Count == 1 ? "I/O APIC" : "I/O APICs";
        Log.Info($"firmware: {what} by {vendor}: {ProcessorCount} {processors}, {IoApic.Count} {apics}");
    }
}
