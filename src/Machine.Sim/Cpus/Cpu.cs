using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>This processor, and how many there are.</summary>
public static class Cpu
{
    private const ulong CyclesPerNs = 2;

    public static int Count => Simulation.Current.Cpus.Length;

    public static int CurrentId => Simulation.Current.Cpu.Id;

    public static bool InterruptsEnabled => Simulation.Current.Cpu.InterruptsEnabled;

    public static bool IsInInterrupt => Simulation.Current.Cpu.InterruptDepth > 0;

    public static void RequestAttention() => Simulation.Current.Cpu.HasAttention = true;

    /// <summary>The same for any processor: interrupts it, which also ends its
    /// <see cref="WaitForInterrupt"/>.</summary>
    public static void RequestAttention(int cpu)
    {
        Simulation simulation = Simulation.Current;
        simulation.Cpus[cpu].HasAttention = true;
        simulation.Cpus[cpu].HasIpi |= cpu != simulation.Cpu.Id;
    }

    public static void WaitForInterrupt()
    {
        Check(!InterruptsEnabled, "waiting for an interrupt with interrupts on can miss it");
        Check(Simulation.Current.Cpu.HeldLocks == 0, "a processor was halted under a spin lock");
        Simulation.Current.WaitForInterrupt();
    }

    public static ulong ReadCycles() => (ulong)Simulation.Current.NowNs * CyclesPerNs;

    public static void EnableInterrupts()
    {
        Check(Simulation.Current.Cpu.HeldLocks == 0, "interrupts were enabled under a spin lock");
        Simulation.Current.Cpu.InterruptsEnabled = true;
        Simulation.Current.ChoicePoint();
    }

    public static void DisableInterrupts() => Simulation.Current.Cpu.InterruptsEnabled = false;

    private static void Check(bool condition, string message)
    {
        if (!condition && !Simulation.Current.IsEnding)
        {
            Panic.Stop(message);
        }
    }
}
