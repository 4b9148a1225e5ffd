using System;

namespace Cashew.Machine.Simulated;

/// <summary>Unwinds the host thread of a simulated thread when its machine is gone. Nobody catches it but the
/// simulation.</summary>
internal sealed class SimulationEnded : Exception
{
}
