namespace Cashew.Machine;

/// <summary>How a device's line signals.</summary>
public enum IrqTrigger
{
    /// <summary>As the firmware describes the line: ISA lines rise, PCI's stay low.</summary>
    Default,
    EdgeHigh,
    LevelHigh,
    LevelLow,
}
