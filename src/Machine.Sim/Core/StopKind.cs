namespace Cashew.Machine.Simulated;

/// <summary>How a simulated machine came to its end.</summary>
public enum StopKind
{
    /// <summary>It runs, or its test returned.</summary>
    None,
    Off,
    Reboot,
    Halt,
}
