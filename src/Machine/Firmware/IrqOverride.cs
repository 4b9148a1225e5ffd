namespace Cashew.Machine;

/// <summary>Where an ISA line really arrives.</summary>
internal readonly struct IrqOverride(int gsi, IrqTrigger trigger)
{
    internal int Gsi { get; } = gsi;

    internal IrqTrigger Trigger { get; } = trigger;
}
