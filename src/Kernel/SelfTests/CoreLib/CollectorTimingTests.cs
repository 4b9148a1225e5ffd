using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Cashew.Machine;
using Cashew.Runtime;
using Node = Cashew.Kernel.SelfTests.CoreLib.Shapes.Node;
using Tree = Cashew.Kernel.SelfTests.CoreLib.Shapes.Tree;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>
/// How long allocations and collections take. Nothing is demanded of a machine whose speed we do not know;
/// with time that counts instructions, a nanosecond each, the figures repeat exactly.
/// </summary>
internal static class CollectorTimingTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(nameof(Allocations_are_timed), Allocations_are_timed));
        tests.Add(new(nameof(Pauses_are_timed), Pauses_are_timed));
    }

    private static void Allocations_are_timed()
    {
        const int Count = 100_000;
        using StressScope calm = new(CollectorStress.None);
        long loop = Time(static () => CallNothing(Count));
        long objects = Time(static () => AllocateObjects(Count)) - loop;
        long arrays = Time(static () => AllocateArrays(Count)) - loop;
        long holes = TimeInHoles(Count) - loop;
        Check.That(Collector.AllocatedBytes >= Count * 32);
        Check.Report(
            "ns per 100 allocations, sweeping included: objects of 32 bytes "
            + (objects / (Count / 100)).ToString()
            + ", between as many live ones " + (holes / (Count / 100)).ToString()
            + ", arrays of 64 bytes " + (arrays / (Count / 100)).ToString());
    }

    private static void Pauses_are_timed()
    {
        const int MebibyteOfNodes = 32_768; // of 32 bytes each
        using StressScope calm = new(CollectorStress.None);
        Shapes.ClearStack();
        Collector.Collect();
        long none = Pause();
        long others = Collector.LiveObjects;
        long otherBytes = Collector.LiveBytes;
        Node list = Shapes.List(MebibyteOfNodes);
        long ofList = Pause();
        Check.Equal(MebibyteOfNodes, Shapes.Length(list));
        list = Shapes.List(100_000);
        long ofLongList = Pause();
        Check.Equal(100_000, Shapes.Length(list));
        list = Shapes.List(1);
        Tree tree = Tree.OfDepth(14); // 2^15 - 1 nodes
        long ofTree = Pause();
        Check.Equal((1 << 15) - 1, tree.Count());
        Check.Equal(1, Shapes.Length(list));
        Check.That(Collector.P50PauseNs <= Collector.P99PauseNs
            && Collector.P99PauseNs <= Collector.MaxPauseNs);
        Check.Report(
            "pauses in ns: with " + others.ToString() + " objects of " + otherBytes.ToString() + " bytes "
            + none.ToString() + "; and a list of 1 MiB " + ofList.ToString() + ", a tree of 1 MiB "
            + ofTree.ToString()
            + ", a list of 100000 " + ofLongList.ToString());
    }

    private static long Pause()
    {
        Collector.Collect();
        Collector.Collect();
        return Collector.LastPauseNs;
    }

    private static long Time(System.Action action)
    {
        Collector.Collect();
        long start = Clock.Monotonic.Value;
        action();
        return Clock.Monotonic.Value - start;
    }

    /// <summary>Allocates where every second cell is taken.</summary>
    private static long TimeInHoles(int count)
    {
        Node?[] kept = new Node?[count];
        FillAlternating(kept);
        Collector.Collect();
        long start = Clock.Monotonic.Value;
        AllocateObjects(count);
        long elapsed = Clock.Monotonic.Value - start;
        Check.That(kept[^1] is not null);
        return elapsed;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FillAlternating(Node?[] kept)
    {
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = new Node();
            Opaque.Keep(new Node());
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AllocateObjects(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Opaque.Keep(new Node());
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AllocateArrays(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Opaque.Keep(new byte[40]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CallNothing(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Opaque.Keep(null);
        }
    }
}
