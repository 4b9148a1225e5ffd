using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using Cashew.Runtime;
using Cashew.Tasks;
using Node = Cashew.Kernel.SelfTests.CoreLib.Shapes.Node;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>
/// Marking in steps. After each step, the only reference to an object moves somewhere else: mostly from where
/// marking is still to come to where it has been, or back. Every way to store a reference has to tell.
/// </summary>
internal static class CollectorStepTests
{
    private const int Prize = 4711;
    private const int PlaceCount = 300;
    private const int Collections = 8;

    private static Node? s_static;

    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(nameof(Objects_stored_in_fields_are_found), Objects_stored_in_fields_are_found));
        tests.Add(new(nameof(Objects_stored_in_arrays_are_found), Objects_stored_in_arrays_are_found));
        tests.Add(new(nameof(Objects_in_copied_structs_are_found), Objects_in_copied_structs_are_found));
        tests.Add(new(nameof(Objects_exchanged_atomically_are_found), Objects_exchanged_atomically_are_found));
        tests.Add(new(nameof(Objects_in_new_objects_are_found), Objects_in_new_objects_are_found));
        tests.Add(new(nameof(Objects_on_stacks_are_found), Objects_on_stacks_are_found));
        tests.Add(new(nameof(Large_arrays_are_followed_in_pieces), Large_arrays_are_followed_in_pieces));
        tests.Add(new(nameof(Threads_that_come_and_go_lose_nothing), Threads_that_come_and_go_lose_nothing));
        tests.Add(new(nameof(Allocations_do_not_outrun_the_steps), Allocations_do_not_outrun_the_steps));
    }

    private static void Objects_stored_in_fields_are_found()
    {
        KeepWhileMoving(SetField, GetField, static (from, to) =>
        {
            to.Field = from.Field;
            from.Field = null;
        });
        KeepWhileMoving(SetField, GetField, static (from, to) =>
        {
            Volatile.Write(ref to.Field, from.Field);
            from.Field = null;
        });
        KeepWhileMoving(SetField, GetField, static (from, to) =>
        {
            s_static = from.Field;
            from.Field = null;
            Pass();
            to.Field = s_static;
            s_static = null;
        });
        KeepWhileMoving(SetField, GetField, static (from, to) => Swap(ref from.Field, ref to.Field));
    }

    private static void Objects_stored_in_arrays_are_found()
    {
        KeepWhileMoving(SetElement, GetElement, static (from, to) =>
        {
            to.Elements[1] = from.Elements[1];
            from.Elements[1] = null;
        });
        KeepWhileMoving(SetElement, GetElement, static (from, to) =>
        {
            Array.Copy(from.Elements, to.Elements, 3);
            Array.Clear(from.Elements);
        });
        KeepWhileMoving(SetElement, GetElement, static (from, to) =>
        {
            from.Elements.AsSpan().CopyTo(to.Elements);
            from.Elements.AsSpan().Clear();
        });
    }

    private static void Objects_in_copied_structs_are_found()
    {
        KeepWhileMoving(
            static (place, node) => place.Pair = new Pair { Number = 1, Node = node },
            static place => place.Pair.Node,
            static (from, to) =>
            {
                to.Pair = from.Pair;
                from.Pair = default;
            });
        KeepWhileMoving(
            static (place, node) =>
            {
                place.Many.Number = 1;
                place.Many.Nodes[15] = node;
            },
            static place => place.Many.Nodes[15],
            static (from, to) =>
            {
                to.Many = from.Many;
                from.Many = default;
            });
    }

    private static void Objects_exchanged_atomically_are_found()
    {
        KeepWhileMoving(SetField, GetField, static (from, to) =>
            Interlocked.Exchange(ref to.Field, Interlocked.Exchange(ref from.Field, null)));
        KeepWhileMoving(SetField, GetField, static (from, to) =>
        {
            Interlocked.CompareExchange(ref to.Field, from.Field, null);
            from.Field = null;
        });
    }

    private static void Objects_in_new_objects_are_found()
    {
        KeepWhileMoving(
            static (place, node) => place.Other = new Node { Next = node },
            static place => ((Node)place.Other!).Next,
            static (from, to) =>
            {
                to.Other = new Node { Next = ((Node)from.Other!).Next };
                from.Other = null;
            });
        KeepWhileMoving(
            static (place, node) => place.Other = new Pair { Node = node },
            static place => ((Pair)place.Other!).Node,
            static (from, to) =>
            {
                // Another box, which is filled by a copy.
                to.Other = (Pair)Opaque.Value(from.Other!);
                from.Other = null;
            });
    }

    private static void Objects_on_stacks_are_found()
    {
        KeepWhileMoving(SetField, GetField, static (from, to) =>
        {
            Node? node = from.Field;
            from.Field = null;
            for (int i = 0; i < 5; i++)
            {
                Pass();
            }

            to.Field = node;
        });
        KeepWhileMoving(SetField, GetField, static (from, to) => Worker.Begin(() => Carry(from, to)).Join());
    }

    private static void Large_arrays_are_followed_in_pieces()
    {
        using StressScope stress = new(CollectorStress.SmallSteps | CollectorStress.ShortMarkStack);
        object[] nodes = new object[20_000];
        Pair[] pairs = new Pair[7_001];
        object[][] arrays = new object[5][];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new Node { Value = i };
            pairs[i % pairs.Length].Node = new Node { Value = i };
        }

        for (int i = 0; i < arrays.Length; i++)
        {
            arrays[i] = new object[6_000];
            arrays[i][5_999 - i] = new Node { Value = i };
        }

        PassCollections();
        Shapes.Churn();
        for (int i = 0; i < nodes.Length; i++)
        {
            Check.Equal(i, ((Node)nodes[i]).Value);
            Check.Equal(i % pairs.Length, pairs[i % pairs.Length].Node!.Value % pairs.Length);
        }

        for (int i = 0; i < arrays.Length; i++)
        {
            Check.Equal(i, ((Node)arrays[i][5_999 - i]).Value);
        }
    }

    private static void Threads_that_come_and_go_lose_nothing()
    {
        using StressScope stress = new(CollectorStress.SmallSteps | CollectorStress.ShortMarkStack);
        Worker[] workers = new Worker[8];
        for (int i = 0; i < workers.Length; i++)
        {
            uint seed = (uint)i + 1;
            workers[i] = Worker.Begin(() =>
            {
                RandomGraph graph = new(nodeCount: 60, seed);
                for (int turn = 0; turn < 300; turn++)
                {
                    graph.Change(20);
                    if (turn % 50 == 0)
                    {
                        Worker.Begin(static () => Pass()).Join();
                    }

                    Pass();
                    Scheduler.Yield();
                }

                graph.Verify();
            });
        }

        long before = Collector.Count;
        foreach (Worker worker in workers)
        {
            worker.Join();
        }

        Check.That(Collector.Count > before);
    }

    private static void Allocations_do_not_outrun_the_steps()
    {
        using StressScope calm = new(CollectorStress.None);
        Node list = Shapes.List(200_000); // 6 MiB
        Collector.Collect();
        long live = Collector.LiveBytes;
        long before = Collector.HeapBytes;
        long collections = Collector.Count;
        long most = before;
        for (int i = 0; i < 2_000_000; i++)
        {
            Opaque.Keep(new Node { Value = i });
            if (i % 1024 == 0)
            {
                Collector.Poll();
                most = Math.Max(most, Collector.HeapBytes);
            }
        }

        // What lives is granted as garbage, and half of that while marking is under way, which only the collection
        // after that finds; roots, stacks and the sorting of blocks, which the pace does not reckon with, come on
        // top. Ten times as much is handed out in all.
        Check.That(Collector.Count > collections + 3);
        Check.That(most - before <= 3 * live);
        Check.Equal(200_000, Shapes.Length(list));
    }

    /// <summary>Moves the only reference to an object from one place to another after each step.</summary>
    private static void KeepWhileMoving(
        Action<Place, Node> put, Func<Place, Node?> find, Action<Place, Place> move)
    {
        using StressScope stress = new(CollectorStress.SmallSteps);
        Place[] places = new Place[PlaceCount];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = new Place();
        }

        Hide(places[0], put);
        int at = 0;
        uint random = 1;
        for (long end = Collector.Count + Collections; Collector.Count < end;)
        {
            random = Shapes.Next(random);
            int to = (int)(random >> 8) % places.Length;
            if (to != at)
            {
                move(places[at], places[to]);
                at = to;
            }

            Pass();
        }

        Shapes.Churn(500);
        Check.Equal(Prize, find(places[at])!.Value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Hide(Place place, Action<Place, Node> put) => put(place, new Node { Value = Prize });

    private static void SetField(Place place, Node node) => place.Field = node;

    private static Node? GetField(Place place) => place.Field;

    private static void SetElement(Place place, Node node) => place.Elements[1] = node;

    private static Node? GetElement(Place place) => (Node?)place.Elements[1];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Carry(Place from, Place to)
    {
        Node? node = from.Field;
        from.Field = null;
        Scheduler.Yield();
        Pass();
        to.Field = node;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Swap(ref Node? left, ref Node? right) => (left, right) = (right, left);

    /// <summary>Does one step, on a stack that has forgotten what moved.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Pass()
    {
        Shapes.ClearStack();
        Opaque.Keep(new Node()); // or no other collection would follow
        Collector.Poll();
    }

    private static void PassCollections()
    {
        for (long end = Collector.Count + Collections; Collector.Count < end;)
        {
            Pass();
        }
    }

    private struct Pair
    {
        internal int Number;
        internal Node? Node;
    }

    /// <summary>So many references that the compiler has them copied by a call.</summary>
    private struct Many
    {
        internal int Number;
        internal Nodes Nodes;
    }

    [InlineArray(16)]
    private struct Nodes
    {
        private Node? _first;
    }

    private sealed class Place
    {
        internal Node? Field;
        internal object? Other;
        internal Pair Pair;
        internal Many Many;
        internal readonly object?[] Elements = new object?[3];
    }
}
