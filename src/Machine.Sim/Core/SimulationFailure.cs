using System;

namespace Cashew.Machine.Simulated;

/// <summary>The kernel did something that no machine would forgive; the message names the seed that shows it
/// again.</summary>
public sealed class SimulationFailure : Exception
{
    public SimulationFailure(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
