namespace Cashew.Tool.Machines;

/// <summary>How a virtual machine came to its end.</summary>
internal enum MachineEnding
{
    /// <summary>It powered off.</summary>
    PoweredOff,

    /// <summary>The kernel reported a panic.</summary>
    Panicked,

    /// <summary>We ended it because its time was up.</summary>
    TimedOut,

    /// <summary>QEMU itself gave up.</summary>
    EmulatorFailed,
}
