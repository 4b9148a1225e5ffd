using System.Runtime;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Cashew.Runtime;

/// <summary>
/// The garbage collector: marks what is reachable while every processor is at a safe point, moves nothing,
/// and leaves sweeping to the allocator. An allocation never collects; it asks for a collection and goes on.
/// </summary>
/// <remarks>
/// A safe point is one where the kernel is between operations: on the way back to user mode, before blocking,
/// when idle, at the system-call edge. References held in registers and on stacks are found there as
/// everywhere; what a safe point adds is that nobody is inside the allocator and that stopping does not
/// deadlock.
/// </remarks>
public static unsafe class Collector
{
    private const long SmallestBudgetBytes = 4 << 20;
    private const long TightBudgetBytes = 1 << 20;

    private static RuntimeLock s_lock; // the collector lock: one collection at a time
    private static MarkQueue s_queue;
    private static RuntimeLock s_pauseLock;
    private static PauseTimes s_pauses; // written under s_pauseLock
    private static long s_liveBytes;
    private static long s_liveObjects;
    private static long s_budgetBytes = SmallestBudgetBytes;
    private static long s_allocatedBytes; // since the last collection
    private static int s_isWanted;
    private static int s_stress;

    /// <summary>Is a collection due? Then bring this processor to a safe point.</summary>
    public static bool IsWanted => Volatile.Read(ref s_isWanted) != 0;

    /// <summary>Collections so far.</summary>
    public static long Count => Volatile.Read(ref s_pauses.Count);

    /// <summary>How long the last collection held the kernel up.</summary>
    public static long LastPauseNs => Volatile.Read(ref s_pauses.Last);

    public static long MaxPauseNs => Volatile.Read(ref s_pauses.Longest);

    /// <summary>The median of the last 256 pauses.</summary>
    public static long P50PauseNs => Percentile(50);

    public static long P99PauseNs => Percentile(99);

    /// <summary>What the last collection found alive, in whole cells.</summary>
    public static long LiveBytes => Volatile.Read(ref s_liveBytes);

    public static long LiveObjects => Volatile.Read(ref s_liveObjects);

    /// <summary>Handed out, or said to be dropped, since the last collection.</summary>
    public static long AllocatedBytes => Volatile.Read(ref s_allocatedBytes);

    /// <summary>All memory that the heap holds.</summary>
    public static long HeapBytes => GranuleSupply.HeapBytes;

    /// <summary>
    /// Up to here the heap may hold as much garbage as it holds of what lives; beyond, a megabyte. No limit until somebody
    /// who knows the machine sets one.
    /// </summary>
    public static long ComfortableBytes { get; set; } = long.MaxValue;

    /// <summary>How much the collector is made to do, to find out who loses objects.</summary>
    public static CollectorStress Stress
    {
        get => (CollectorStress)s_stress;
        set => s_stress = (int)value;
    }

    /// <summary>
    /// A safe point where an operation has ended: collects if a collection is due. The caller holds no lock.
    /// </summary>
    public static void Poll()
    {
        if (IsWanted)
        {
            HeapReserve.Release();
            Collect();
        }
    }

    /// <summary>Collects now. Only at a safe point; the caller holds no lock.</summary>
    public static void Collect()
    {
        long before = Count;
        while (!s_lock.TryEnter())
        {
            // Another processor collects, and this one is to be stopped meanwhile. That collection is as good
            // as ours.
            if (RuntimeHooks.WaitWhileStopped != null)
            {
                RuntimeHooks.WaitWhileStopped();
            }

            if (Count != before)
            {
                return;
            }
        }

        if (RuntimeHooks.StopProcessors != null)
        {
            RuntimeHooks.StopProcessors();
        }

        CallUndisturbed(&CollectStopped);
        if (RuntimeHooks.ResumeProcessors != null)
        {
            RuntimeHooks.ResumeProcessors();
        }

        GranuleSupply.Trim();
        s_lock.Exit();
    }

    /// <summary>
    /// Makes sure that so many bytes can be allocated, until the current thread next blocks or returns to
    /// user mode, whatever happens to memory meanwhile. Called at the system-call edge, which is a safe
    /// point; may collect.
    /// </summary>
    /// <returns>False: there is not enough memory (ENOMEM).</returns>
    public static bool TryReserve(long bytes) => HeapReserve.TryReserve(bytes);

    /// <summary>
    /// Is less in stock than an operation may allocate without having reserved it? Then what programs ask for
    /// should wait or be refused, and whoever can give memory back should.
    /// </summary>
    public static bool IsShort => GranuleSupply.StockCount < GranuleSupply.StockTarget;

    /// <summary>Is so little in stock that the next operations may find none? The kernel stops
    /// then.</summary>
    public static bool IsNearlyOut => GranuleSupply.StockCount < GranuleSupply.StockTarget / 2;

    /// <summary>Fills the stock up from free frames, without a collection. False: there are too
    /// few.</summary>
    /// <remarks>Allowed wherever allocations are, with locks held, too.</remarks>
    public static bool TryRestock() => GranuleSupply.TryFill();

    /// <summary>Asks for a collection as soon as this processor is at a safe point: before it is back in user mode.</summary>
    public static void Request() => Want();

    /// <summary>
    /// So many bytes that have lived long have just been let go of: counts as if they were handed out, so that a collection
    /// is not late that would find much.
    /// </summary>
    public static void NoteDropped(long bytes) => NoteAllocated(bytes);

    internal static void Initialize() => s_queue.Initialize();

    /// <summary>The allocator handed out so many bytes.</summary>
    internal static void NoteAllocated(long bytes)
    {
        long allocated = Interlocked.Add(ref s_allocatedBytes, bytes);
        if (allocated >= s_budgetBytes || (Stress & CollectorStress.EveryChance) != 0)
        {
            Want();
        }
    }

    internal static void Want()
    {
        if (Interlocked.Exchange(ref s_isWanted, 1) == 0 && RuntimeHooks.CollectionWanted != null)
        {
            RuntimeHooks.CollectionWanted();
        }
    }

    /// <summary>For <see cref="MarkQueue"/>, which cannot point to its own methods.</summary>
    internal static void FollowUnscanned(Block* block) => s_queue.FollowUnscanned(block);

    /// <summary>
    /// The collection. Interrupts are off, although their handlers do not allocate: they move references from
    /// one object to another (a woken thread from one list to the next), and one that moves from where
    /// marking is still to come to where it has been would be overlooked.
    /// </summary>
    private static void CollectStopped()
    {
        long start = Now();
        AllocationContext.ForgetAll();
        Block.Parity ^= 1;
        BlockList.ClearMarks();
        fixed (MarkQueue* queue = &s_queue)
        {
            queue->Begin();
            Roots.MarkExact(queue);
            RuntimeHooks.ForEachStack(&MarkStack);
            queue->Drain();
        }

        BlockList.Sort(out long liveBytes, out long liveObjects);
        s_liveBytes = liveBytes;
        s_liveObjects = liveObjects;
        s_budgetBytes = BudgetFor(liveBytes);
        s_allocatedBytes = 0;
        s_isWanted = 0;
        long pause = Now() - start;
        s_pauseLock.Enter();
        s_pauses.Add(pause);
        s_pauseLock.Exit();
    }

    /// <summary>How much may be handed out until the next collection.</summary>
    private static long BudgetFor(long liveBytes)
    {
        long comfortable = ComfortableBytes - liveBytes;
        long budget = liveBytes > SmallestBudgetBytes ? liveBytes : SmallestBudgetBytes;
        if (budget > comfortable)
        {
            budget = comfortable;
        }

        return budget > TightBudgetBytes ? budget : TightBudgetBytes;
    }

    private static void MarkStack(nint low, nint end)
    {
        fixed (MarkQueue* queue = &s_queue)
        {
            for (nint* word = (nint*)((low + 7) & ~7); word < (nint*)end; word++)
            {
                if (HeapLayout.IsInHeap(*word))
                {
                    queue->Mark(Roots.Find(*word));
                }
            }
        }
    }

    private static long Percentile(int percent)
    {
        s_pauseLock.Enter();
        long result = s_pauses.Percentile(percent);
        s_pauseLock.Exit();
        return result;
    }

    private static long Now() => RuntimeHooks.ReadClock != null ? RuntimeHooks.ReadClock() : 0;

    /// <summary>
    /// Calls with interrupts off, and on the stack what callers may hold in registers only.
    /// </summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_call_undisturbed")]
    private static extern void CallUndisturbed(delegate*<void> function);
}
