using System.Collections.Generic;

namespace Cashew.Machine.Simulated;

// Devices as tests play them.
public sealed partial class Simulation
{
    /// <summary>What answers at I/O ports.</summary>
    public SimulatedPorts? Ports { get; set; }

    internal Dictionary<int, IrqLine> IrqLines { get; } = [];

    /// <summary>A device pulls its line.</summary>
    public void RaiseIrq(int gsi)
    {
        if (IrqLines.TryGetValue(gsi, out IrqLine? line))
        {
            line.Pull();
        }
    }
}
