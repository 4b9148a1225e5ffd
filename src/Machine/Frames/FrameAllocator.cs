using System.Threading;

namespace Cashew.Machine;

/// <summary>
/// Buddy allocator over the frame table, with a small stack of single frames per processor in front of it.
/// The stacks need no lock: interrupt handlers neither allocate nor free frames, and the kernel is not
/// preempted.
/// </summary>
/// <source>Knuth, The Art of Computer Programming, 2.5.C.</source>
internal static unsafe class FrameAllocator
{
    /// <summary>The largest block is 4 MiB.</summary>
    internal const int MaximumOrder = 10;

    private const int CacheCapacity = 64;
    private const int CacheRefill = 32;

    private static readonly SpinLock s_lock = new(LockRank.FrameAllocator);

    private static Heads s_heads;     // protected by s_lock
    private static long s_freeCount;  // protected by s_lock; cached frames count as taken
    private static long s_totalCount; // changed atomically, and only while the kernel starts
    private static long s_cachedCount;

    internal static long FreeCount => Volatile.Read(ref s_freeCount) + Volatile.Read(ref s_cachedCount);

    internal static long TotalCount => Volatile.Read(ref s_totalCount);

    /// <summary>See <see cref="Frame.KernelReserve"/>.</summary>
    internal static long KernelReserve
    {
        get
        {
            const long MostFrames = (8L << 20) >> FrameTable.FrameShift;
            long share = TotalCount / 128;
            return share < MostFrames ? share : MostFrames;
        }
    }

    /// <summary>
    /// A frame for something that programs make the kernel have, as much of it as they like: not one of the
    /// last ones.
    /// </summary>
    internal static uint AllocateForPrograms(FrameKind kind) =>
        FreeCount > KernelReserve ? Allocate(0, kind) : 0;

    /// <summary>Gives a range of RAM to the allocator; at boot, before other processors run.</summary>
    internal static void AddRange(uint start, uint end)
    {
        s_totalCount += end - start;
        while (start < end)
        {
            int order = 0;
            while (order < MaximumOrder && (start & ((2u << order) - 1)) == 0 && start + (2u << order) <= end)
            {
                order++;
            }

            Merge(start, order);
            start += 1u << order;
        }
    }

    /// <summary>Frames that had another use since boot are about to be freed for the first time.</summary>
    internal static void NoteAdded(long count) => Interlocked.Add(ref s_totalCount, count);

    /// <summary>2^order frames; zero when there are none. Frame zero itself is never handed out.</summary>
    internal static uint Allocate(int order, FrameKind kind)
    {
        uint frame = order == 0 ? TakeCached() : TakeBlock(order);
        if (frame != 0)
        {
            FrameInfo* info = FrameTable.Info(frame);
            for (int i = 0; i < 1 << order; i++)
            {
                info[i].Kind = kind;
                info[i].ReferenceCount = 1;
            }

            info->Order = (byte)order;
        }

        return frame;
    }

    /// <summary>Returns a block to the allocator; nobody may refer to it any more.</summary>
    internal static void Free(uint frame, int order)
    {
        FrameInfo* info = FrameTable.Info(frame);
        if (info->Kind is FrameKind.Free or FrameKind.Kernel)
        {
            Panic.Stop("freed a frame that is not allocated");
        }

        if (order == 0)
        {
            info->Kind = FrameKind.Free;
            info->ReferenceCount = 0;
            CpuBlock* cpu = CpuBlock.Current;
            if (cpu->CachedFrameCount == CacheCapacity)
            {
                Drain(cpu);
            }

            cpu->CachedFrames[cpu->CachedFrameCount++] = frame;
            Interlocked.Increment(ref s_cachedCount);
            return;
        }

        using (s_lock.Acquire())
        {
            FreeLocked(frame, order);
        }
    }

    private static uint TakeCached()
    {
        CpuBlock* cpu = CpuBlock.Current;
        if (cpu->CachedFrameCount == 0 && !TryRefill(cpu))
        {
            return 0;
        }

        Interlocked.Decrement(ref s_cachedCount);
        return cpu->CachedFrames[--cpu->CachedFrameCount];
    }

    private static bool TryRefill(CpuBlock* cpu)
    {
        using (s_lock.Acquire())
        {
            while (cpu->CachedFrameCount < CacheRefill)
            {
                uint frame = TakeLocked(0);
                if (frame == 0)
                {
                    break;
                }

                cpu->CachedFrames[cpu->CachedFrameCount++] = frame;
                s_cachedCount++;
            }
        }

        return cpu->CachedFrameCount != 0;
    }

    private static void Drain(CpuBlock* cpu)
    {
        using (s_lock.Acquire())
        {
            while (cpu->CachedFrameCount > CacheRefill)
            {
                FreeLocked(cpu->CachedFrames[--cpu->CachedFrameCount], 0);
                s_cachedCount--;
            }
        }
    }

    private static uint TakeBlock(int order)
    {
        using (s_lock.Acquire())
        {
            return TakeLocked(order);
        }
    }

    private static uint TakeLocked(int order)
    {
        int found = order;
        while (found <= MaximumOrder && s_heads.First[found] == 0)
        {
            found++;
        }

        if (found > MaximumOrder)
        {
            return 0;
        }

        uint frame = s_heads.First[found];
        Unlink(frame, found);
        // Give back the upper halves.
        while (found > order)
        {
            found--;
            Link(frame + (1u << found), found);
        }

        s_freeCount -= 1L << order;
        return frame;
    }

    private static void FreeLocked(uint frame, int order)
    {
        for (FrameInfo* info = FrameTable.Info(frame), end = info + (1 << order); info < end; info++)
        {
            info->Kind = FrameKind.Free;
            info->ReferenceCount = 0;
        }

        Merge(frame, order);
    }

    private static void Merge(uint frame, int order)
    {
        s_freeCount += 1L << order;
        while (order < MaximumOrder)
        {
            uint buddy = frame ^ (1u << order);
            if (buddy >= FrameTable.Count)
            {
                break;
            }

            FrameInfo* info = FrameTable.Info(buddy);
            if (!info->IsListed || info->Order != order)
            {
                break;
            }

            Unlink(buddy, order);
            frame &= ~(1u << order);
            order++;
        }

        Link(frame, order);
    }

    private static void Link(uint frame, int order)
    {
        FrameInfo* info = FrameTable.Info(frame);
        uint next = s_heads.First[order];
        info->Order = (byte)order;
        info->IsListed = true;
        info->Previous = 0;
        info->Next = next;
        if (next != 0)
        {
            FrameTable.Info(next)->Previous = frame;
        }

        s_heads.First[order] = frame;
    }

    private static void Unlink(uint frame, int order)
    {
        FrameInfo* info = FrameTable.Info(frame);
        info->IsListed = false;
        if (info->Previous != 0)
        {
            FrameTable.Info(info->Previous)->Next = info->Next;
        }
        else
        {
            s_heads.First[order] = info->Next;
        }

        if (info->Next != 0)
        {
            FrameTable.Info(info->Next)->Previous = info->Previous;
        }
    }

    private struct Heads
    {
        internal fixed uint First[MaximumOrder + 1];
    }
}
