using System.Diagnostics;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Cashew.Runtime;

/// <summary>
/// One collection, in steps of bounded work: marks from the roots, follows references, looks at stacks, and
/// ends marking as soon as nothing is left to follow and no stack has been used since it was looked at. Then
/// sorts the blocks.
/// </summary>
/// <remarks>
/// Between steps the kernel runs. What it stores is marked (<see cref="WriteBarrier"/>), what it allocates
/// counts as marked, and what a thread took from an object onto its stack is found there at the end. All
/// under the collector lock, while the other processors are stopped.
/// </remarks>
internal static unsafe class CollectionCycle
{
    // Threads may run as fast as their stacks are looked at: after so many steps that had nothing left but
    // stacks, the next go on until marking ends.
    private const int MostClosingSteps = 16;

    private static MarkQueue s_queue;
    private static State s_state;
    private static long s_work; // how many more words this step may look at
    private static int s_closingSteps;
    private static long s_liveBytes;
    private static long s_liveObjects;

    private enum State
    {
        Idle,
        Marking,
        Sorting,
    }

    internal static bool IsUnderWay => s_state != State.Idle;

    internal static bool IsSorting => s_state == State.Sorting;

    /// <summary>Threads keep using their stacks: the end of marking is to be reached before they run
    /// on.</summary>
    internal static bool IsOverdue => s_state == State.Marking && s_closingSteps > MostClosingSteps;

    /// <summary>What the last collection found alive, in whole cells.</summary>
    internal static long LiveBytes => s_liveBytes;

    internal static long LiveObjects => s_liveObjects;

    internal static void Initialize() => s_queue.Initialize();

    /// <summary>Begins a collection, or goes on with the one that is under way.</summary>
    /// <param name="work">How many words to look at, about: objects, stacks, bits of blocks.</param>
    internal static void Step(long work)
    {
        s_work = work;
        MarkVerifier.StackFloor = (nint)(&work);
        CallUndisturbed(&StepUndisturbed);
    }

    /// <summary>
    /// Interrupts are off in a step, although their handlers do not allocate: they store references, and so
    /// mark.
    /// </summary>
    private static void StepUndisturbed()
    {
        if (s_state == State.Idle)
        {
            BeginMarking();
        }

        if (s_state == State.Sorting)
        {
            Sort();
        }
        else if (TryFinishMarking())
        {
            EndMarking();
        }
    }

    private static void BeginMarking()
    {
        AllocationContext.ForgetCells();
        s_queue.Begin();
        s_closingSteps = 0;
        Roots.BeginMarking();
        RuntimeHooks.BeginStacks();
        WriteBarrier.TurnOn();
        s_state = State.Marking;
    }

    private static bool TryFinishMarking()
    {
        fixed (MarkQueue* queue = &s_queue)
        {
            if (!Roots.TryFinishMarking(queue, ref s_work))
            {
                return false;
            }

            // One stack after the other, and what only it refers to.
            while (queue->TryDrain(ref s_work))
            {
                if (s_work <= 0)
                {
                    s_closingSteps += RuntimeHooks.HasShownAllStacks() ? 1 : 0;
                    return false;
                }

                if (!RuntimeHooks.ShowNextStack(&MarkStack))
                {
                    RuntimeHooks.ShowRunningStacks(&MarkStack);
                    return queue->TryDrain(ref s_work);
                }
            }

            return false;
        }
    }

    private static void EndMarking()
    {
        MarkVerifier.Verify();
        WriteBarrier.TurnOff();
        RuntimeHooks.EndStacks();
        AllocationContext.ForgetAll();
        Block.ExchangeBits();
        BlockList.BeginSorting();
        s_state = State.Sorting;
        Collector.MarkingEnded();
    }

    private static void Sort()
    {
        if (BlockList.TryFinishSorting(ref s_work, out s_liveBytes, out s_liveObjects))
        {
            s_state = State.Idle;
        }
    }

    private static void MarkStack(nint low, nint end)
    {
        s_work -= (end - low) / sizeof(nint);
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

    /// <summary>Somebody stores a reference while marking is under way; interrupts are off.</summary>
    [RuntimeExport("cashew_shade")]
    private static void Shade(nint reference)
    {
        Debug.Assert(s_state == State.Marking);
        s_queue.Shade(reference);
    }

    /// <summary>
    /// Calls with interrupts off, and on the stack what callers may hold in registers only.
    /// </summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_call_undisturbed")]
    private static extern void CallUndisturbed(delegate*<void> function);
}
