using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>This processor's one-shot alarm.</summary>
public static class LocalTimer
{
    public static void SetDeadline(Nanoseconds deadline) => Simulation.Current.Cpu.TimerDeadline = deadline.Value;

    public static void Cancel() => Simulation.Current.Cpu.TimerDeadline = long.MaxValue;
}
