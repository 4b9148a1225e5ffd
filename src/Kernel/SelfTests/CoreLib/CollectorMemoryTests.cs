using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Cashew.Machine;
using Cashew.Runtime;
using Node = Cashew.Kernel.SelfTests.CoreLib.Shapes.Node;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>
/// What the heap takes from the frame allocator and gives back, and what it does when there is nothing to
/// take.
/// </summary>
internal static class CollectorMemoryTests
{
    private const int MebibyteBytes = 1 << 20;

    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(nameof(Large_objects_come_and_go), Large_objects_come_and_go));
        tests.Add(new(
            nameof(Millions_of_allocations_fit_a_bounded_heap),
            Millions_of_allocations_fit_a_bounded_heap));
        tests.Add(new(
            nameof(Empty_blocks_go_back_to_the_frame_allocator),
            Empty_blocks_go_back_to_the_frame_allocator));
        tests.Add(new(
            nameof(Holes_between_survivors_are_used_again),
            Holes_between_survivors_are_used_again));
        tests.Add(new(nameof(Reserving_says_what_is_possible), Reserving_says_what_is_possible));
        tests.Add(new(nameof(The_stock_outlives_the_last_frame), The_stock_outlives_the_last_frame));
        tests.Add(new(
            nameof(What_is_taken_from_the_stock_is_missed),
            What_is_taken_from_the_stock_is_missed));
        tests.Add(new(
            nameof(Tables_and_stacks_leave_the_heap_some_frames),
            Tables_and_stacks_leave_the_heap_some_frames));
        tests.Add(new(
            nameof(A_reserve_serves_large_and_small_objects),
            A_reserve_serves_large_and_small_objects));
        tests.Add(new(nameof(An_unused_reserve_is_given_back), An_unused_reserve_is_given_back));
    }

    private static void Large_objects_come_and_go()
    {
        Collector.Collect();
        long before = Collector.HeapBytes;
        object[] holders = new object[7];
        FillWithLarge(holders);
        Check.That(Collector.HeapBytes > before + 4 * MebibyteBytes);
        Collector.Collect();
        Shapes.Churn();
        for (int i = 0; i < holders.Length; i++)
        {
            Check.Equal(i, ((Node)((object[])holders[i])[^1]).Value);
        }

        Array.Clear(holders);
        Shapes.ClearStack();
        Collector.Collect();
        Check.That(Collector.HeapBytes < before + 4 * MebibyteBytes);
        byte[] largest = new byte[4_000_000];
        largest[^1] = 1;
        Check.Equal(4_000_000, largest.Length);
    }

    private static void Millions_of_allocations_fit_a_bounded_heap()
    {
        using StressScope calm = new(CollectorStress.None);
        Collector.Collect();
        long bound = Collector.HeapBytes + 16 * MebibyteBytes;
        long collections = Collector.Count;
        Node? kept = null;
        for (int i = 0; i < 3_000_000; i++)
        {
            Node node = new() { Value = i };
            if (i % 1000 == 0)
            {
                node.Next = i % 100_000 == 0 ? null : kept;
                kept = node;
            }

            if (i % 64 == 0)
            {
                Collector.Poll();
            }
        }

        Check.That(Collector.HeapBytes <= bound);
        Check.That(Collector.Count - collections is > 10 and < 40);
        Check.Equal(100, Shapes.Length(kept));
    }

    private static void Empty_blocks_go_back_to_the_frame_allocator()
    {
        Shapes.ClearStack();
        Collector.Collect();
        long framesBefore = Frame.FreeCount;
        long heapBefore = Collector.HeapBytes;
        Grow(20 * MebibyteBytes);
        Check.That(Collector.HeapBytes > heapBefore + 15 * MebibyteBytes);
        Check.That(Frame.FreeCount < framesBefore - 15 * MebibyteBytes / Frame.SizeBytes);
        Shapes.ClearStack();
        Collector.Collect();

        // The stock may have been less than full before; it is at most 4 MiB.
        Check.That(Collector.HeapBytes <= heapBefore + 4 * MebibyteBytes);
        Check.That(Frame.FreeCount >= framesBefore - 4 * MebibyteBytes / Frame.SizeBytes);
    }

    private static void Holes_between_survivors_are_used_again()
    {
        // One survivor to a block is what a heap that moves nothing likes least.
        Collector.Collect();
        long before = Collector.HeapBytes;
        byte[]?[] survivors = ScatterSurvivors(10_000, keepEach: 60);
        Collector.Collect();
        long scattered = Collector.HeapBytes;
        Check.That(scattered > before + 8 * MebibyteBytes);
        Grow(7 * MebibyteBytes);
        Check.That(Collector.HeapBytes <= scattered + MebibyteBytes);
        foreach (byte[]? survivor in survivors)
        {
            Check.That(survivor is null || Shapes.IsFilled(survivor));
        }
    }

    private static void Reserving_says_what_is_possible()
    {
        Check.That(Collector.TryReserve(0));
        Check.That(Collector.TryReserve(100));
        Check.That(Collector.TryReserve(MebibyteBytes));
        byte[] reserved = new byte[MebibyteBytes - 4000];
        Check.That(reserved[^1] == 0);
        Check.That(!Collector.TryReserve(5 * MebibyteBytes));
        Check.That(!Collector.TryReserve(long.MaxValue));
    }

    private static void The_stock_outlives_the_last_frame()
    {
        Check.That(Collector.TryReserve(1));
        FrameHog hog = new();
        hog.TakeAll();
        Check.That(!Collector.TryReserve(2 * MebibyteBytes));
        hog.TakeAll(); // what trying freed
        Node list = Shapes.List(10_000);

        // What was just allocated came from the stock: the next operation is refused before it begins.
        Check.That(!Collector.TryReserve(1));
        Check.Equal(10_000, Shapes.Length(list));
        hog.Release();
        Check.That(Collector.TryReserve(MebibyteBytes));
    }

    private static void What_is_taken_from_the_stock_is_missed()
    {
        Check.That(Collector.TryRestock() && !Collector.IsShort);
        FrameHog hog = new();
        hog.TakeAll();
        Check.That(!Collector.IsShort && !Collector.IsWanted);

        // As large as may be without having been reserved: one granule, of which the stock has some.
        Opaque.Keep(new byte[60_000]);
        Check.That(Collector.IsShort && Collector.IsWanted && !Collector.TryRestock());
        Check.That(!Collector.IsNearlyOut);
        hog.Release();
        Check.That(Collector.TryRestock() && !Collector.IsShort);
    }

    private static void Tables_and_stacks_leave_the_heap_some_frames()
    {
        FrameHog hog = new();
        hog.TakeAll(butFrames: Frame.KernelReserve + 1);
        Check.That(PageTable.TryCreate(out PageTable? table));
        Check.That(!PageTable.TryCreate(out _));
        Check.That(!table!.TryMap(new UserAddress(0x10000), Frame.Zero, PageRights.Read));
        Check.Equal(Frame.KernelReserve, Frame.FreeCount);
        table.Release();
        hog.Release();
    }

    private static void A_reserve_serves_large_and_small_objects()
    {
        FrameHog hog = new();
        Check.That(Collector.TryReserve(3 * MebibyteBytes));
        hog.TakeAll();
        byte[] first = new byte[MebibyteBytes];
        byte[] second = new byte[MebibyteBytes / 2];
        first.AsSpan().Fill(1);
        second.AsSpan().Fill(2);

        // More than the stock has left: the rest comes from the reserve. A node takes 32 bytes.
        Node list = Shapes.List(MebibyteBytes / 32);
        Node more = Shapes.List(1000);
        Check.That(Shapes.IsFilled(first) && Shapes.IsFilled(second));
        Check.Equal(MebibyteBytes / 32, Shapes.Length(list));
        Check.Equal(1000, Shapes.Length(more));
        hog.Release();
        Check.That(Collector.TryReserve(1));
    }

    private static void An_unused_reserve_is_given_back()
    {
        Check.That(Collector.TryReserve(1));
        using StressScope stress = new(CollectorStress.EverySafePoint);
        Collector.Collect(); // or the node would come from the list of free cells, unnoticed
        Opaque.Keep(new Node());
        Collector.Poll();
        long before = Collector.HeapBytes;
        Check.That(Collector.TryReserve(3 * MebibyteBytes));
        Check.That(Collector.HeapBytes >= before + 3 * MebibyteBytes);
        Opaque.Keep(new Node());
        Collector.Poll();
        Check.That(Collector.HeapBytes <= before + MebibyteBytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FillWithLarge(object[] holders)
    {
        for (int i = 0; i < holders.Length; i++)
        {
            object[] large = new object[5_000 << i];
            large[^1] = new Node { Value = i };
            holders[i] = large;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Grow(int bytes)
    {
        for (int i = 0; i < bytes / 1024; i++)
        {
            Opaque.Keep(new byte[1000]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte[]?[] ScatterSurvivors(int count, int keepEach)
    {
        byte[]?[] survivors = new byte[]?[count / keepEach + 1];
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = new byte[1000];
            if (i % keepEach == 0)
            {
                bytes.AsSpan().Fill((byte)i);
                survivors[i / keepEach] = bytes;
            }
        }

        return survivors;
    }

    /// <summary>Takes every frame there is, so that the heap finds none.</summary>
    private sealed class FrameHog
    {
        // In pieces: an object has a size limit, and a machine may have any amount of memory.
        private const int PieceFrames = 65_536;

        private readonly Frame[][] _taken =
            new Frame[BootInfo.MemoryBytes / Frame.SizeBytes / PieceFrames + 1][];
        private long _count;

        internal FrameHog()
        {
            for (int i = 0; i < _taken.Length; i++)
            {
                _taken[i] = new Frame[PieceFrames];
            }
        }

        internal void TakeAll(long butFrames = 0)
        {
            // Otherwise the next collection would free frames.
            Shapes.ClearStack();
            Collector.Collect();
            while (Frame.FreeCount > butFrames && Frame.TryAllocate(out At(_count)))
            {
                _count++;
            }

            Check.Equal(butFrames, Frame.FreeCount);
        }

        internal void Release()
        {
            for (long i = 0; i < _count; i++)
            {
                At(i).Release();
            }

            _count = 0;
        }

        private ref Frame At(long index) => ref _taken[index / PieceFrames][index % PieceFrames];
    }
}
