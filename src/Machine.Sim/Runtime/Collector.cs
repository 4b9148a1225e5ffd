using Cashew.Machine;
using Cashew.Machine.Simulated;

namespace Cashew.Runtime;

/// <summary>
/// The host has a collector of its own. This one counts who comes to a safe point and checks that it is one,
/// and tests decide whether a reservation succeeds.
/// </summary>
public static class Collector
{
    /// <summary>Tests set it to see who notices; a collection takes it back.</summary>
    public static bool IsWanted
    {
        get => Simulation.Current.IsCollectionWanted;
        set => Simulation.Current.IsCollectionWanted = value;
    }

    public static long Count => Simulation.Current.CollectionCount;

    public static long LastPauseNs => 0;

    public static long MaxPauseNs => 0;

    public static long MaxStepNs => 0;

    public static long PauseCount => Count;

    public static long P50PauseNs => 0;

    public static long P99PauseNs => 0;

    public static long LiveBytes => 0;

    public static long LiveObjects => 0;

    public static long AllocatedBytes => Simulation.Current.HeapAllocatedBytes;

    public static long HeapBytes => Simulation.Current.HeapBytes;

    public static long ComfortableBytes { get; set; } = long.MaxValue;

    public static CollectorStress Stress { get; set; }

    public static bool IsShort => Simulation.Current.HeapStock != HeapStock.Full;

    public static bool IsNearlyOut => Simulation.Current.HeapStock == HeapStock.Low;

    public static bool TryRestock() => !IsShort;

    public static void NoteDropped(long bytes) => Simulation.Current.HeapAllocatedBytes += bytes;

    public static void Request() => IsWanted = true;

    public static void Suggest() => IsWanted = true;

    public static void Poll()
    {
        Simulation machine = Simulation.Current;
        CheckSafePoint(machine);
        machine.SafePointCount++;
        if (IsWanted || (Stress & CollectorStress.EverySafePoint) != 0)
        {
            Collect();
        }
    }

    public static void Collect()
    {
        Simulation machine = Simulation.Current;
        CheckSafePoint(machine);
        machine.CollectionCount++;
        machine.HeapStock = machine.HeapStockAfterCollection;
        IsWanted = false;
    }

    public static bool TryReserve(long bytes)
    {
        CheckSafePoint(Simulation.Current);
        return Simulation.Current.TryReserveHeap(bytes);
    }

    private static void CheckSafePoint(Simulation machine)
    {
        if ((machine.Cpu.HeldLocks > 0 || machine.Cpu.InterruptDepth > 0) && !machine.IsEnding)
        {
            Panic.Stop("a safe point under a spin lock or in an interrupt");
        }
    }
}
