using System.Collections.Generic;

namespace Cashew.Machine.Simulated;

// What the kernel said.
public sealed partial class Simulation
{
    /// <summary>The messages so far, without level and time.</summary>
    public List<string> LogLines { get; } = [];

    internal List<byte> LogBytes { get; } = [];
}
