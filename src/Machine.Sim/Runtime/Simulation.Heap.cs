namespace Cashew.Machine.Simulated;

// What tests ask of the collected heap.
public sealed partial class Simulation
{
    private long _reservationsUntilFailure = -1;

    /// <summary>Calls of <see cref="Cashew.Runtime.Collector.Poll"/> so far.</summary>
    public long SafePointCount { get; internal set; }

    /// <summary>The most that one reservation may ask for.</summary>
    public long LargestReservationBytes { get; set; } = 4 << 20;

    /// <summary>What the heap has in stock, and what a collection will leave it with.</summary>
    public HeapStock HeapStock { get; set; }

    public HeapStock HeapStockAfterCollection { get; set; }

    /// <summary>What the heap claims to have handed out since the last collection.</summary>
    public long HeapAllocatedBytes { get; set; }

    /// <summary>What the heap claims to hold.</summary>
    public long HeapBytes { get; set; }

    internal bool IsCollectionWanted { get; set; }

    internal long CollectionCount { get; set; }

    /// <summary>After so many more reservations that succeed, one fails.</summary>
    public void FailHeapReservation(long afterReservations) => _reservationsUntilFailure = afterReservations;

    internal bool TryReserveHeap(long bytes) =>
        _reservationsUntilFailure-- != 0 && bytes <= LargestReservationBytes;
}
