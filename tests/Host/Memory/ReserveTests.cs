using System;
using System.Collections.Generic;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Cashew.Runtime;
using Xunit;

namespace Cashew.Host.Memory;

// Who is refused when memory becomes short, and in which order.
public sealed class ReserveTests : IDisposable
{
    private const int FrameCount = 4096;

    private readonly Simulation _simulation = Simulation.Reset(
        new SimulationOptions { FrameCount = FrameCount });

    private readonly List<Frame> _taken = [];

    public void Dispose()
    {
        foreach (Frame frame in _taken) frame.Release();
    }

    [Fact]
    public void Programs_pages_leave_two_reserves_alone()
    {
        TakeAllBut(KernelObjects.ReservedFrames + 1);
        Assert.True(UserFrames.TryAllocate(out Frame frame));
        _taken.Add(frame);
        Assert.False(UserFrames.TryAllocate(out _));
        Assert.False(UserFrames.TryAllocateZeroed(out _));
        Assert.Equal(KernelObjects.ReservedFrames, Frame.FreeCount);
    }

    [Fact]
    public void Page_tables_and_objects_leave_one_alone()
    {
        Assert.Equal(FrameCount / 128, Frame.KernelReserve);
        TakeAllBut(Frame.KernelReserve + 1);
        Assert.True(KernelObjects.MayCreate());
        Assert.True(PageTable.TryCreate(out PageTable? table));
        Assert.False(PageTable.TryCreate(out _));
        Assert.False(table.TryMap(new UserAddress(0x10000), Frame.Zero, PageRights.Read));
        Assert.False(KernelObjects.MayCreate());
        table.Release();
        Assert.True(KernelObjects.MayCreate());
    }

    [Theory]
    [InlineData(5, 0, true, true, true)]
    [InlineData(5, 1, false, true, true)]
    [InlineData(6, 0, false, true, true)]
    [InlineData(6, 1, false, false, true)]
    [InlineData(7, 0, false, false, true)]
    [InlineData(7, 1, false, false, false)]
    public void The_heap_may_take_a_part_of_memory(
        int eighths, int moreBytes, bool mayName, bool mayFile, bool mayOther)
    {
        _simulation.HeapBytes = FrameCount / 8 * eighths * (long)Frame.SizeBytes + moreBytes;
        Assert.Equal(mayName, KernelObjects.MayCreateName());
        Assert.Equal(mayFile, KernelObjects.MayCreateFile());
        Assert.Equal(mayOther, KernelObjects.MayCreate());
        Assert.Equal(!mayOther, KernelObjects.IsHeapFull);

        // What is refused may be for want of a collection.
        Assert.Equal(!mayName, Collector.IsWanted);
    }

    [Theory]
    [InlineData(HeapStock.Full, true)]
    [InlineData(HeapStock.Short, false)]
    [InlineData(HeapStock.Low, false)]
    public void New_objects_need_a_full_stock_of_the_heap(HeapStock stock, bool expected)
    {
        _simulation.HeapStock = stock;
        Assert.Equal(expected, KernelObjects.MayCreate());
    }

    [Theory]
    [InlineData(100, 10, false)]
    [InlineData(100, 2, false)]
    [InlineData(2 << 20, 10, false)]
    [InlineData(2 << 20, 2, true)]
    public void Garbage_is_collected_before_pages_are_used_up(
        long garbageBytes, int reservesLeft, bool expected)
    {
        TakeAllBut(KernelObjects.ReservedFrames * reservesLeft - 1);
        _simulation.HeapAllocatedBytes = garbageBytes;
        Assert.True(UserFrames.TryAllocate(out Frame frame));
        _taken.Add(frame);
        Assert.Equal(expected, Collector.IsWanted);
    }

    [Theory]
    [InlineData(1_000, 0, true)]
    [InlineData(60_000, 0, true)]
    [InlineData(66_000, 0, false)]
    [InlineData(66_000, 200_000, true)]
    public void Large_arrays_are_reserved(long bytes, long largestBytes, bool expected)
    {
        _simulation.LargestReservationBytes = largestBytes;
        Assert.Equal(expected, LargeArray.TryReserve(bytes));
    }

    [Fact]
    public void Under_pressure_objects_are_dropped_before_the_collection()
    {
        Dropper dropper = new();
        MemoryPressure.Register(dropper);
        long collections = Collector.Count;
        Assert.False(MemoryPressure.TryCollect());
        Assert.Equal(1, dropper.Drops);
        Assert.Equal(collections, dropper.CollectionsBefore);
        Assert.Equal(collections + 1, Collector.Count);
    }

    private void TakeAllBut(long count)
    {
        while (Frame.FreeCount > count)
        {
            Assert.True(Frame.TryAllocate(out Frame frame));
            _taken.Add(frame);
        }
    }

    private sealed class Dropper : Shrinker
    {
        internal int Drops { get; private set; }
        internal long CollectionsBefore { get; private set; }

        public override int Shrink(int wantedFrames) => 0;

        public override void DropObjects()
        {
            Drops++;
            CollectionsBefore = Collector.Count;
        }
    }
}
