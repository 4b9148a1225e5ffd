using System;
using System.Threading;

namespace Cashew.Runtime;

/// <summary>
/// The garbage collector: marks what is reachable in steps, at safe points, moves nothing, and leaves
/// sweeping to the allocator. An allocation never collects; it asks for a collection, or its next step, and
/// goes on.
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

    // In words looked at. A step is what interrupts wait for: at most some 60,000 instructions.
    private const long StepWork = 2048;
    private const long SmallestStepWork = 16;

    // What may be handed out while a collection is under way: at least so much, or half of the budget.
    private const long SmallestHeadroomBytes = 256 << 10;

    private static RuntimeLock s_lock; // the collector lock: one processor collects at a time
    private static RuntimeLock s_pauseLock;
    private static PauseTimes s_pauses; // written under s_pauseLock
    private static long s_longestStepNs;
    private static long s_count;
    private static long s_budgetBytes = SmallestBudgetBytes;
    private static long s_allocatedBytes; // since the last collection marked
    private static long s_owedBytes; // handed out since the last step of the collection that is under way
    private static long s_wordsOwedPerKibibyte;
    private static int s_isWanted;
    private static int s_isWantedAtOnce;
    private static int s_stress;

    /// <summary>Is a collection due or under way? Then bring this processor to a safe point.</summary>
    public static bool IsWanted => Volatile.Read(ref s_isWanted) != 0;

    /// <summary>Collections so far.</summary>
    public static long Count => Volatile.Read(ref s_count);

    /// <summary>How long the collector held the kernel up when it last did: for some steps, or for a whole
    /// collection that somebody could not do without.</summary>
    public static long LastPauseNs => Volatile.Read(ref s_pauses.Last);

    public static long MaxPauseNs => Volatile.Read(ref s_pauses.Longest);

    /// <summary>The median of the last 256 pauses.</summary>
    public static long P50PauseNs => Percentile(50);

    public static long P99PauseNs => Percentile(99);

    /// <summary>The longest step: so long were interrupts off.</summary>
    public static long MaxStepNs => Volatile.Read(ref s_longestStepNs);

    /// <summary>How often the kernel was held up.</summary>
    public static long PauseCount => Volatile.Read(ref s_pauses.Count);

    /// <summary>What the last collection found alive, in whole cells.</summary>
    public static long LiveBytes => CollectionCycle.LiveBytes;

    public static long LiveObjects => CollectionCycle.LiveObjects;

    /// <summary>Handed out, or said to be dropped, since the last collection.</summary>
    public static long AllocatedBytes => Volatile.Read(ref s_allocatedBytes);

    /// <summary>All memory that the heap holds.</summary>
    public static long HeapBytes => GranuleSupply.HeapBytes;

    /// <summary>
    /// Up to here the heap may hold as much garbage as it holds of what lives; beyond, a megabyte. No limit
    /// until somebody who knows the machine sets one.
    /// </summary>
    public static long ComfortableBytes { get; set; } = long.MaxValue;

    /// <summary>How much the collector is made to do, to find out who loses objects.</summary>
    public static CollectorStress Stress
    {
        get => (CollectorStress)s_stress;
        set => s_stress = (int)value;
    }

    /// <summary>
    /// A safe point where an operation has ended: goes on with a collection that is due. The caller holds no
    /// lock.
    /// </summary>
    public static void Poll()
    {
        if (!IsWanted)
        {
            return;
        }

        HeapReserve.Release();
        if (Volatile.Read(ref s_isWantedAtOnce) != 0 || (Stress & CollectorStress.AtOnce) != 0)
        {
            Collect();
        }
        else if (s_lock.TryEnter())
        {
            Pause(isWhole: false);
            s_lock.Exit();
        }
        else if (RuntimeHooks.WaitWhileStopped != null)
        {
            RuntimeHooks.WaitWhileStopped();
        }
    }

    /// <summary>
    /// Collects now, all that nobody refers to now. Only at a safe point; the caller holds no lock.
    /// </summary>
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

        Volatile.Write(ref s_isWantedAtOnce, 0);
        Pause(isWhole: true);
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

    /// <summary>Asks for a whole collection at the next safe point: before this processor is back in user
    /// mode.</summary>
    public static void Request()
    {
        Volatile.Write(ref s_isWantedAtOnce, 1);
        Want();
    }

    /// <summary>Asks for a collection soon, in steps.</summary>
    public static void Suggest() => Want();

    /// <summary>
    /// So many bytes that have lived long have just been let go of: counts as if they were handed out, so
    /// that a collection is not late that would find much.
    /// </summary>
    public static void NoteDropped(long bytes) => NoteAllocated(bytes);

    internal static void Initialize() => CollectionCycle.Initialize();

    /// <summary>The allocator handed out so many bytes.</summary>
    internal static void NoteAllocated(long bytes)
    {
        long allocated = Interlocked.Add(ref s_allocatedBytes, bytes);
        if (CollectionCycle.IsUnderWay)
        {
            Interlocked.Add(ref s_owedBytes, bytes);
            Want();
        }
        else if (allocated >= s_budgetBytes || (Stress & CollectorStress.EveryChance) != 0)
        {
            Want();
        }
    }

    /// <summary>All is marked, and what is handed out from here on is for the next collection to
    /// find.</summary>
    internal static void MarkingEnded() => s_allocatedBytes = 0;

    private static void Want()
    {
        Volatile.Write(ref s_isWanted, 1);
        if (RuntimeHooks.CollectionWanted != null)
        {
            RuntimeHooks.CollectionWanted();
        }
    }

    /// <summary>Holds the kernel up: for a few steps, or until a collection that begins now has
    /// ended.</summary>
    private static void Pause(bool isWhole)
    {
        if (RuntimeHooks.StopProcessors != null)
        {
            RuntimeHooks.StopProcessors();
        }

        long start = Now();
        if (isWhole)
        {
            StepToEnd();
            Step(StepWork);
            StepToEnd();
        }
        else
        {
            StepAsOwed();
        }

        long pause = Now() - start;
        s_pauseLock.Enter();
        s_pauses.Add(pause);
        s_pauseLock.Exit();
        if (RuntimeHooks.ResumeProcessors != null)
        {
            RuntimeHooks.ResumeProcessors();
        }
    }

    private static void StepToEnd()
    {
        while (CollectionCycle.IsUnderWay)
        {
            Step(StepWork);
        }
    }

    /// <summary>
    /// One step, or as many as keep up with what was handed out meanwhile: so the heap does not grow by more
    /// than the headroom before the collection ends.
    /// </summary>
    private static void StepAsOwed()
    {
        bool isSmall = (Stress & CollectorStress.SmallSteps) != 0;
        long owed = (Interlocked.Exchange(ref s_owedBytes, 0) >> 10) * s_wordsOwedPerKibibyte;
        do
        {
            Step(isSmall ? SmallestStepWork : StepWork);
            owed -= StepWork;
        }
        while (CollectionCycle.IsUnderWay && (owed > 0 || CollectionCycle.IsOverdue));
    }

    private static void Step(long work)
    {
        if (!CollectionCycle.IsUnderWay)
        {
            Begin();
        }

        long start = Now();
        CollectionCycle.Step(work);
        s_longestStepNs = Math.Max(s_longestStepNs, Now() - start);
        GranuleSupply.Trim();
        if (!CollectionCycle.IsUnderWay)
        {
            End();
        }
    }

    private static void Begin()
    {
        long headroom = Math.Max(s_budgetBytes / 2, SmallestHeadroomBytes);
        s_wordsOwedPerKibibyte = ((LiveBytes + AllocatedBytes) / sizeof(nint) << 10) / headroom;
        s_owedBytes = 0;
    }

    private static void End()
    {
        s_budgetBytes = BudgetFor(LiveBytes);
        s_isWanted = 0;
        s_count++;
        if (AllocatedBytes >= s_budgetBytes || s_isWantedAtOnce != 0)
        {
            Want();
        }
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

    private static long Percentile(int percent)
    {
        s_pauseLock.Enter();
        long result = s_pauses.Percentile(percent);
        s_pauseLock.Exit();
        return result;
    }

    private static long Now() => RuntimeHooks.ReadClock != null ? RuntimeHooks.ReadClock() : 0;
}
