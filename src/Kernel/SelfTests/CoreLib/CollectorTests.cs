using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Cashew.Machine;
using Cashew.Runtime;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>The collector keeps what is reachable, through every kind of reference, and frees the rest.</summary>
internal static class CollectorTests
{
    private static Node? s_root;
    private static readonly object?[] s_frozenSlots = new object?[4];

    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(nameof(Linked_objects_survive_and_lost_ones_go), Linked_objects_survive_and_lost_ones_go));
        tests.Add(new(nameof(Statics_and_frozen_arrays_keep_objects), Statics_and_frozen_arrays_keep_objects));
        tests.Add(new(nameof(A_span_keeps_its_array), A_span_keeps_its_array));
        tests.Add(new(nameof(A_reference_into_an_object_keeps_it), A_reference_into_an_object_keeps_it));
        tests.Add(new(nameof(Arrays_of_structs_keep_what_they_refer_to), Arrays_of_structs_keep_what_they_refer_to));
        tests.Add(new(nameof(Arrays_of_all_sizes_start_cleared), Arrays_of_all_sizes_start_cleared));
        tests.Add(new(nameof(Objects_never_overlap), Objects_never_overlap));
        tests.Add(new(nameof(Large_objects_come_and_go), Large_objects_come_and_go));
        tests.Add(new(nameof(Deep_and_wide_structures_are_followed), Deep_and_wide_structures_are_followed));
        tests.Add(new(nameof(A_short_mark_stack_loses_nothing), A_short_mark_stack_loses_nothing));
        tests.Add(new(nameof(Random_graphs_match_their_model), Random_graphs_match_their_model));
        tests.Add(new(nameof(Collecting_at_every_allocation_loses_nothing), Collecting_at_every_allocation_loses_nothing));
        tests.Add(new(nameof(Millions_of_allocations_fit_a_bounded_heap), Millions_of_allocations_fit_a_bounded_heap));
        tests.Add(new(nameof(Reserving_says_what_is_possible), Reserving_says_what_is_possible));
        tests.Add(new(nameof(The_stock_outlives_the_last_frame), The_stock_outlives_the_last_frame));
        tests.Add(new(nameof(Allocation_takes_few_instructions), Allocation_takes_few_instructions));
        tests.Add(new(nameof(Pauses_grow_with_what_lives), Pauses_grow_with_what_lives));
    }

    private static void Linked_objects_survive_and_lost_ones_go()
    {
        const int Count = 20_000;
        Collector.Collect();
        long before = Collector.LiveObjects;
        Node first = List(Count);
        Collector.Collect();
        Check.Equal(Count, Length(first));
        Check.That(Collector.LiveObjects >= before + Count);
        Churn();
        Collector.Collect();
        Check.Equal(Count, Length(first));

        // What still points here by chance, conservatively, is the head at most: cut behind it.
        first.Next = null;
        Collector.Collect();
        Check.That(Collector.LiveObjects < before + 100);
    }

    private static void Statics_and_frozen_arrays_keep_objects()
    {
        s_root = List(100);
        s_frozenSlots[2] = List(200);
        Collector.Collect();
        Churn();
        Check.Equal(100, Length(s_root));
        Check.Equal(200, Length((Node)s_frozenSlots[2]!));
        s_root = null;
        s_frozenSlots[2] = null;
    }

    private static void A_span_keeps_its_array()
    {
        Span<int> span = MakeSpan(1000);
        Span<int> tail = MakeSpan(50_000).Slice(49_990);
        Collector.Collect();
        Churn();
        Collector.Collect();
        Churn();
        for (int i = 0; i < span.Length; i++)
        {
            Check.Equal(i * 3, span[i]);
        }

        Check.Equal(49_995 * 3, tail[5]);
    }

    private static void A_reference_into_an_object_keeps_it()
    {
        ref int value = ref MakeField(77);
        Collector.Collect();
        Churn();
        Collector.Collect();
        Churn();
        Check.Equal(77, value);
    }

    private static void Arrays_of_structs_keep_what_they_refer_to()
    {
        Mixed[] array = new Mixed[500];
        Mixed[][] nested = new Mixed[10][];
        for (int i = 0; i < array.Length; i++)
        {
            array[i] = new Mixed(i);
        }

        for (int i = 0; i < nested.Length; i++)
        {
            nested[i] = [new Mixed(i), new Mixed(i + 1000)];
        }

        List<(int, string, Mixed)> list = new();
        Dictionary<string, Mixed> table = new();
        for (int i = 0; i < 300; i++)
        {
            list.Add((i, i.ToString(), new Mixed(i)));
            table.Add("key" + i.ToString(), new Mixed(i));
        }

        Collector.Collect();
        Churn();
        Collector.Collect();
        Churn();
        for (int i = 0; i < array.Length; i++)
        {
            array[i].Verify(i);
        }

        for (int i = 0; i < nested.Length; i++)
        {
            nested[i][0].Verify(i);
            nested[i][1].Verify(i + 1000);
        }

        for (int i = 0; i < 300; i++)
        {
            Check.Equal(i.ToString(), list[i].Item2);
            list[i].Item3.Verify(i);
            table["key" + i.ToString()].Verify(i);
        }
    }

    private static void Arrays_of_all_sizes_start_cleared()
    {
        for (int round = 0; round < 3; round++)
        {
            for (int length = 0; length < 70_000; length += 1 + length / 7)
            {
                byte[] bytes = new byte[length];
                bool isClear = bytes.AsSpan().IndexOfAnyExcept((byte)0) < 0;
                Check.That(isClear);
                bytes.AsSpan().Fill(0xA5);
                Opaque.Keep(bytes);
            }

            Collector.Collect();
        }
    }

    private static void Objects_never_overlap()
    {
        List<byte[]> arrays = new();
        uint random = 12345;
        for (int i = 0; i < 4000; i++)
        {
            random = Next(random);
            byte[] bytes = new byte[random % 3000];
            bytes.AsSpan().Fill((byte)i);
            if (arrays.Count < 800)
            {
                arrays.Add(bytes);
            }
            else
            {
                int victim = (int)(random >> 8) % arrays.Count;
                Check.That(IsFilled(arrays[victim]));
                arrays[victim] = bytes;
            }

            if (i % 500 == 0)
            {
                Collector.Collect();
            }
        }

        foreach (byte[] bytes in arrays)
        {
            Check.That(IsFilled(bytes));
        }
    }

    private static void Large_objects_come_and_go()
    {
        Collector.Collect();
        long before = Collector.HeapBytes;
        object[] holders = new object[7];
        for (int i = 0; i < holders.Length; i++)
        {
            object[] large = new object[5_000 << i];
            large[^1] = new Node { Value = i };
            holders[i] = large;
        }

        Check.That(Collector.HeapBytes > before + 4_000_000);
        Collector.Collect();
        Churn();
        for (int i = 0; i < holders.Length; i++)
        {
            Check.Equal(i, ((Node)((object[])holders[i])[^1]).Value);
        }

        Array.Clear(holders);
        Collector.Collect();
        Churn();
        Collector.Collect();
        Check.That(Collector.HeapBytes < before + 4_000_000);
        byte[] largest = new byte[4_000_000];
        largest[^1] = 1;
        Check.Equal(4_000_000, largest.Length);
    }

    private static void Deep_and_wide_structures_are_followed()
    {
        Node deep = List(200_000);
        object[] wide = new object[100_000];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = new Node { Value = i, Next = new Node { Value = -i } };
        }

        Collector.Collect();
        Churn();
        Check.Equal(200_000, Length(deep));
        for (int i = 0; i < wide.Length; i++)
        {
            Node node = (Node)wide[i];
            Check.That(node.Value == i && node.Next!.Value == -i);
        }
    }

    private static void A_short_mark_stack_loses_nothing()
    {
        Collector.Stress = CollectorStress.ShortMarkStack;
        Tree tree = Tree.OfDepth(12);
        Node list = List(5_000);
        Collector.Collect();
        Churn();
        Collector.Collect();
        Collector.Stress = CollectorStress.None;
        Check.Equal((1 << 13) - 1, tree.Count());
        Check.Equal(5_000, Length(list));
    }

    private static void Random_graphs_match_their_model()
    {
        const int NodeCount = 3_000;
        const int EdgeCount = 4;
        GraphNode?[] nodes = new GraphNode?[NodeCount];
        int[] model = new int[NodeCount * EdgeCount];
        uint random = 2024;
        for (int i = 0; i < NodeCount; i++)
        {
            nodes[i] = new GraphNode(i, EdgeCount);
            model.AsSpan(i * EdgeCount, EdgeCount).Fill(-1);
        }

        for (int step = 0; step < 60_000; step++)
        {
            random = Next(random);
            int from = (int)(random >> 4) % NodeCount;
            random = Next(random);
            int to = (int)(random >> 4) % NodeCount;
            int edge = step % EdgeCount;
            nodes[from]!.Edges[edge] = nodes[to];
            model[from * EdgeCount + edge] = to;
            if (step % 16 == 0)
            {
                // A new object takes the place of an old one, which stays reachable only through edges to it.
                nodes[to] = nodes[to]!.Copy();
            }

            if (step % 5_000 == 0)
            {
                Collector.Collect();
            }
        }

        for (int i = 0; i < NodeCount; i++)
        {
            for (int edge = 0; edge < EdgeCount; edge++)
            {
                int expected = model[i * EdgeCount + edge];
                Check.Equal(expected, nodes[i]!.Edges[edge]?.Id ?? -1);
            }
        }
    }

    private static void Collecting_at_every_allocation_loses_nothing()
    {
        Collector.Stress = CollectorStress.EveryAllocation;
        Dictionary<string, List<Node>> table = new();
        for (int i = 0; i < 60; i++)
        {
            string key = "k" + (i % 7).ToString();
            if (!table.TryGetValue(key, out List<Node>? list))
            {
                table.Add(key, list = new List<Node>());
            }

            list.Add(new Node { Value = i, Next = new Node { Value = -i } });
        }

        Collector.Stress = CollectorStress.None;
        int count = 0;
        foreach (KeyValuePair<string, List<Node>> pair in table)
        {
            foreach (Node node in pair.Value)
            {
                Check.Equal(pair.Key, "k" + (node.Value % 7).ToString());
                Check.Equal(-node.Value, node.Next!.Value);
                count++;
            }
        }

        Check.Equal(60, count);
    }

    private static void Millions_of_allocations_fit_a_bounded_heap()
    {
        Collector.Collect();
        long bound = Collector.HeapBytes + (16 << 20);
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
        Check.Equal(100, Length(kept));
    }

    private static void Reserving_says_what_is_possible()
    {
        Check.That(Collector.TryReserve(100));
        Check.That(Collector.TryReserve(1 << 20));
        byte[] reserved = new byte[(1 << 20) - 4000];
        Check.That(reserved[^1] == 0);
        Check.That(!Collector.TryReserve(5 << 20));
        Check.That(!Collector.TryReserve(long.MaxValue));
    }

    private static void The_stock_outlives_the_last_frame()
    {
        Check.That(Collector.TryReserve(1));
        Frame[] taken = new Frame[Math.Min(Frame.FreeCount + 1, 450_000)];
        int count = 0;
        while (count < taken.Length && Frame.TryAllocate(out taken[count]))
        {
            count++;
        }

        if (Frame.FreeCount == 0)
        {
            Check.That(!Collector.TryReserve(2 << 20));
            Node list = List(10_000);
            Check.Equal(10_000, Length(list));
        }

        for (int i = 0; i < count; i++)
        {
            taken[i].Release();
        }

        Check.That(Collector.TryReserve(1 << 20));
    }

    private static void Allocation_takes_few_instructions()
    {
        const int Count = 100_000;
        Collector.Collect();
        Allocate(Count);
        Collector.Collect();
        long start = Clock.Monotonic.Value;
        Allocate(Count);
        long elapsed = Clock.Monotonic.Value - start;
        start = Clock.Monotonic.Value;
        AllocateArrays(Count);
        long elapsedArrays = Clock.Monotonic.Value - start;
        start = Clock.Monotonic.Value;
        CallNothing(Count);
        long elapsedLoop = Clock.Monotonic.Value - start;
        Check.Report(
            "per 100 allocations with their share of sweeping: objects of 32 bytes "
            + ((elapsed - elapsedLoop) / (Count / 100)).ToString() + " ns, arrays of 64 bytes "
            + ((elapsedArrays - elapsedLoop) / (Count / 100)).ToString() + " ns");
    }

    private static void Pauses_grow_with_what_lives()
    {
        Collector.Collect();
        Collector.Collect();
        long empty = Collector.LastPauseNs;
        long otherObjects = Collector.LiveObjects;
        Node list = List(100_000);
        Collector.Collect();
        Collector.Collect();
        long full = Collector.LastPauseNs;
        Check.Equal(100_000, Length(list));
        list = List(1);
        Tree tree = Tree.OfDepth(15);
        Collector.Collect();
        Collector.Collect();
        long treePause = Collector.LastPauseNs;
        Check.Equal((1 << 16) - 1, tree.Count());
        Check.Equal(1, Length(list));
        Check.That(Collector.P50PauseNs <= Collector.P99PauseNs && Collector.P99PauseNs <= Collector.MaxPauseNs);
        Check.Report(
            (Collector.HeapBytes >> 16).ToString() + " granules, " + Collector.LiveBytes.ToString() + " bytes, " + otherObjects.ToString() + " objects: " + empty.ToString() + " ns, with a list of 100000: "
            + full.ToString() + " ns, with a tree of 65535: " + treePause.ToString() + " ns");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Allocate(int count)
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

    /// <summary>Allocates and drops objects of many sizes, so that whatever was freed wrongly is overwritten.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Churn()
    {
        for (int i = 0; i < 20_000; i++)
        {
            int[] garbage = new int[i % 40];
            garbage.AsSpan().Fill(-1);
            Opaque.Keep(garbage);
            Opaque.Keep(new Node { Value = -1 });
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Node List(int count)
    {
        Node first = new();
        Node last = first;
        for (int i = 1; i < count; i++)
        {
            last.Next = new Node { Value = i };
            last = last.Next;
        }

        return first;
    }

    /// <summary>Counts the nodes and checks that their values count up or down.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Length(Node? node)
    {
        int count = 0;
        int step = node?.Next is null ? 0 : node.Next.Value - node.Value;
        for (; node is not null; node = node.Next)
        {
            Check.That(node.Next is null || node.Next.Value - node.Value == step);
            count++;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<int> MakeSpan(int length)
    {
        int[] array = new int[length];
        for (int i = 0; i < array.Length; i++)
        {
            array[i] = i * 3;
        }

        return array;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ref int MakeField(int value)
    {
        Node node = new() { Value = value };
        return ref node.Value;
    }

    private static bool IsFilled(byte[] bytes) =>
        bytes.Length == 0 || bytes.AsSpan().IndexOfAnyExcept(bytes[0]) < 0;

    // xorshift32; Marsaglia 2003.
    private static uint Next(uint random)
    {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        return random;
    }

    private sealed class Node
    {
        internal int Value;
        internal Node? Next;
    }

    private sealed class Tree
    {
        private readonly Tree? _left;
        private readonly Tree? _right;

        private Tree(Tree? left, Tree? right)
        {
            _left = left;
            _right = right;
        }

        internal static Tree OfDepth(int depth) =>
            depth == 0 ? new Tree(null, null) : new Tree(OfDepth(depth - 1), OfDepth(depth - 1));

        internal int Count() => 1 + (_left?.Count() ?? 0) + (_right?.Count() ?? 0);
    }

    private sealed class GraphNode
    {
        internal GraphNode(int id, int edgeCount)
        {
            Id = id;
            Edges = new GraphNode?[edgeCount];
        }

        internal int Id { get; }
        internal GraphNode?[] Edges { get; }

        internal GraphNode Copy()
        {
            GraphNode copy = new(Id, Edges.Length);
            Edges.AsSpan().CopyTo(copy.Edges);
            return copy;
        }
    }

    private struct Mixed
    {
        private readonly int _number;
        private readonly string _text;
        private readonly long _wide;
        private readonly object _box;
        private readonly Node _node;
        private readonly byte _small;

        internal Mixed(int number)
        {
            _number = number;
            _text = "t" + number.ToString();
            _wide = number * 1_000_000_007L;
            _box = number;
            _node = new Node { Value = number };
            _small = (byte)number;
        }

        internal readonly void Verify(int number)
        {
            Check.Equal(number, _number);
            Check.Equal("t" + number.ToString(), _text);
            Check.Equal(number * 1_000_000_007L, _wide);
            Check.Equal(number, (int)_box);
            Check.Equal(number, _node.Value);
            Check.Equal((byte)number, _small);
        }
    }
}
