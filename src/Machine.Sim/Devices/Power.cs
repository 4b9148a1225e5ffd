using System.Diagnostics.CodeAnalysis;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>Ends the machine, and with it a test's run.</summary>
public static class Power
{
    [DoesNotReturn]
    public static void Off() => Simulation.Current.StopMachine(StopKind.Off);

    [DoesNotReturn]
    public static void Reboot() => Simulation.Current.StopMachine(StopKind.Reboot);

    [DoesNotReturn]
    public static void Halt() => Simulation.Current.StopMachine(StopKind.Halt);
}
