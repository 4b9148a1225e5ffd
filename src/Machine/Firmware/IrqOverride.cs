namespace Cashew.Machine;

/// <summary>Where an ISA line really arrives.</summary>
internal readonly struct IrqOverride(int gsi, IrqTrigger trigger)
{
    internal int Gsi { get; } = gsi;

    internal IrqTrigger Trigger { get; } = trigger;

    /// <summary>Polarity in bits 0-1 (3: low), trigger in bits 2-3 (3: level); zero: as usual.</summary>
    /// <source>MultiProcessor Specification 1.4, table 4-10; ACPI 6.5, 5.2.12.5 has the same.</source>
    internal static IrqOverride FromFlags(int gsi, ushort flags)
    {
        bool isLevel = (flags & 0xC) == 0xC;
        bool isLow = (flags & 3) == 3;
        IrqTrigger level = isLow ? IrqTrigger.LevelLow : IrqTrigger.LevelHigh;
        return new IrqOverride(gsi, isLevel ? level : IrqTrigger.EdgeHigh);
    }
}
