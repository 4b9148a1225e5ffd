using System;
using System.Collections.Generic;
using Cashew.Runtime;
using Node = Cashew.Kernel.SelfTests.CoreLib.Shapes.Node;
using Tree = Cashew.Kernel.SelfTests.CoreLib.Shapes.Tree;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>The collector under load, and in the modes that make its mistakes show.</summary>
internal static class CollectorStressTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(nameof(Deep_and_wide_structures_are_followed), Deep_and_wide_structures_are_followed));
        tests.Add(new(nameof(A_short_mark_stack_loses_nothing), A_short_mark_stack_loses_nothing));
        tests.Add(new(nameof(Arrays_of_all_sizes_start_cleared), Arrays_of_all_sizes_start_cleared));
        tests.Add(new(nameof(Objects_never_overlap), Objects_never_overlap));
        tests.Add(new(nameof(Random_graphs_match_their_model), Random_graphs_match_their_model));
        tests.Add(new(
            nameof(Collecting_at_every_allocation_loses_nothing),
            Collecting_at_every_allocation_loses_nothing));
        tests.Add(new(nameof(Unfinished_sweeping_does_not_matter), Unfinished_sweeping_does_not_matter));
        tests.Add(new(
            nameof(The_library_works_while_every_allocation_collects),
            The_library_works_while_every_allocation_collects));
    }

    private static void Deep_and_wide_structures_are_followed()
    {
        Node deep = Shapes.List(200_000);
        object[] wide = new object[100_000];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = new Node { Value = i, Next = new Node { Value = -i } };
        }

        Collector.Collect();
        Shapes.Churn();
        Check.Equal(200_000, Shapes.Length(deep));
        for (int i = 0; i < wide.Length; i++)
        {
            Node node = (Node)wide[i];
            Check.That(node.Value == i && node.Next!.Value == -i);
        }

        Array.Clear(wide);
    }

    private static void A_short_mark_stack_loses_nothing()
    {
        using StressScope stress = new(CollectorStress.ShortMarkStack);
        Tree tree = Tree.OfDepth(12);
        Node list = Shapes.List(5_000);
        object[] wide = new object[3_000];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = new Node { Value = i, Next = new Node { Value = -i } };
        }

        Collector.Collect();
        Shapes.Churn();
        Collector.Collect();
        Check.Equal((1 << 13) - 1, tree.Count());
        Check.Equal(5_000, Shapes.Length(list));
        for (int i = 0; i < wide.Length; i++)
        {
            Check.Equal(-i, ((Node)wide[i]).Next!.Value);
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
            random = Shapes.Next(random);
            byte[] bytes = new byte[random % 3000];
            bytes.AsSpan().Fill((byte)i);
            if (arrays.Count < 800)
            {
                arrays.Add(bytes);
            }
            else
            {
                int victim = (int)(random >> 8) % arrays.Count;
                Check.That(Shapes.IsFilled(arrays[victim]));
                arrays[victim] = bytes;
            }

            if (i % 500 == 0)
            {
                Collector.Collect();
            }
        }

        foreach (byte[] bytes in arrays)
        {
            Check.That(Shapes.IsFilled(bytes));
        }
    }

    private static void Random_graphs_match_their_model()
    {
        RandomGraph graph = new(nodeCount: 3_000, seed: 2024);
        for (int round = 0; round < 12; round++)
        {
            graph.Change(5_000);
            Collector.Collect();
        }

        graph.Verify();
    }

    private static void Collecting_at_every_allocation_loses_nothing()
    {
        using StressScope stress = new(CollectorStress.EveryAllocation | CollectorStress.ShortMarkStack);
        RandomGraph graph = new(nodeCount: 50, seed: 7);
        graph.Change(2_000);
        graph.Verify();
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

    /// <summary>Collections follow each other while blocks are swept to some point, or not at all.</summary>
    private static void Unfinished_sweeping_does_not_matter()
    {
        Node?[] kept = new Node?[4_000];
        uint random = 99;
        for (int round = 0; round < 150; round++)
        {
            // Some rounds allocate a few cells, some a few blocks.
            random = Shapes.Next(random);
            int allocations = round % 10 == 0 ? 6_000 : (int)(random % 200);
            for (int i = 0; i < allocations; i++)
            {
                random = Shapes.Next(random);
                int index = (int)(random >> 4) % kept.Length;
                kept[index] = new Node { Value = index, Next = new Node { Value = ~index } };
            }

            for (int i = 0; i < 100; i++)
            {
                random = Shapes.Next(random);
                kept[(int)(random >> 4) % kept.Length] = null;
            }

            Collector.Collect();
        }

        for (int i = 0; i < kept.Length; i++)
        {
            Check.That(kept[i] is null || (kept[i]!.Value == i && kept[i]!.Next!.Value == ~i));
        }
    }

    private static void The_library_works_while_every_allocation_collects()
    {
        List<SelfTest> tests = new();
        CastTests.AddTo(tests);
        DelegateTests.AddTo(tests);
        GenericTests.AddTo(tests);
        LanguageTests.AddTo(tests);
        CollectionTests.AddTo(tests);
        SpanTests.AddTo(tests);
        NumberTests.AddTo(tests);
        using StressScope stress = new(CollectorStress.EveryAllocation);
        long before = Collector.Count;
        foreach (SelfTest test in tests)
        {
            test.Body();
        }

        Check.Report((Collector.Count - before).ToString() + " collections");
    }
}
