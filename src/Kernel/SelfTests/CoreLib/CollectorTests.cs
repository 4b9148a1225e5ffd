using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Cashew.Runtime;
using Mixed = Cashew.Kernel.SelfTests.CoreLib.Shapes.Mixed;
using Node = Cashew.Kernel.SelfTests.CoreLib.Shapes.Node;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>
/// The collector keeps what is reachable, through every kind of reference, and frees the rest.
/// </summary>
internal static class CollectorTests
{
    private static Node? s_root;
    private static Mixed s_structRoot;
    private static readonly object?[] s_frozenSlots = new object?[4];

    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(
            nameof(Linked_objects_survive_and_lost_ones_go),
            Linked_objects_survive_and_lost_ones_go));
        tests.Add(new(
            nameof(Statics_and_frozen_arrays_keep_objects),
            Statics_and_frozen_arrays_keep_objects));
        tests.Add(new(nameof(Statics_of_generic_types_keep_objects), Statics_of_generic_types_keep_objects));
        tests.Add(new(nameof(A_span_keeps_its_array), A_span_keeps_its_array));
        tests.Add(new(nameof(A_reference_into_an_object_keeps_it), A_reference_into_an_object_keeps_it));
        tests.Add(new(
            nameof(Arrays_of_structs_keep_what_they_refer_to),
            Arrays_of_structs_keep_what_they_refer_to));
        tests.Add(new(nameof(Inline_arrays_keep_what_they_refer_to), Inline_arrays_keep_what_they_refer_to));
        tests.Add(new(nameof(Delegates_keep_what_they_capture), Delegates_keep_what_they_capture));
        tests.Add(new(nameof(Boxes_keep_what_they_refer_to), Boxes_keep_what_they_refer_to));
        tests.Add(new(nameof(Collections_keep_their_members), Collections_keep_their_members));
        tests.Add(new(nameof(Registers_of_callers_keep_objects), Registers_of_callers_keep_objects));
    }

    private static void Linked_objects_survive_and_lost_ones_go()
    {
        const int Count = 20_000;
        Collector.Collect();
        long before = Collector.LiveObjects;
        Node first = Shapes.List(Count);
        CollectAndChurn();
        Check.Equal(Count, Shapes.Length(first));
        Check.That(Collector.LiveObjects >= before + Count);

        // What still points here by chance, conservatively, is the head at most: cut behind it.
        first.Next = null;
        Collector.Collect();
        Check.That(Collector.LiveObjects < before + 100);
    }

    private static void Statics_and_frozen_arrays_keep_objects()
    {
        s_root = Shapes.List(100);
        s_structRoot = new Mixed(7);
        s_frozenSlots[2] = Shapes.List(200);
        CollectAndChurn();
        Check.Equal(100, Shapes.Length(s_root));
        Check.Equal(200, Shapes.Length((Node)s_frozenSlots[2]!));
        s_structRoot.Verify(7);
        s_root = null;
        s_structRoot = default;
        s_frozenSlots[2] = null;
    }

    private static void Statics_of_generic_types_keep_objects()
    {
        Holder<int>.Kept = Shapes.List(10);
        Holder<string>.Kept = Shapes.List(20);
        Holder<Node>.Kept = Shapes.List(30);
        CollectAndChurn();
        Check.Equal(10, Shapes.Length(Holder<int>.Kept));
        Check.Equal(20, Shapes.Length(Holder<string>.Kept));
        Check.Equal(30, Shapes.Length(Holder<Node>.Kept));
    }

    private static void A_span_keeps_its_array()
    {
        Span<int> span = MakeSpan(1000);
        Span<int> tail = MakeSpan(50_000).Slice(49_990);
        ReadOnlySpan<char> text = MakeText().AsSpan(9);
        Memory<int> memory = new Memory<int>(MakeSpan(100).ToArray()).Slice(99);
        CollectAndChurn();
        for (int i = 0; i < span.Length; i++)
        {
            Check.Equal(i * 3, span[i]);
        }

        Check.Equal(49_995 * 3, tail[5]);
        Check.That(text.SequenceEqual("10 11 1"));
        Check.Equal(99 * 3, memory.Span[0]);
    }

    private static void A_reference_into_an_object_keeps_it()
    {
        ref int field = ref MakeField(77);
        ref readonly int first = ref MakeSpan(10)[0];
        ref int last = ref MakeSpan(9)[^1];
        ref int lastOfLarge = ref MakeSpan(100_000)[^1];
        // 24: what an array takes besides its elements
        ref byte lastOfFullCell = ref MakeBytes(2144 - 24)[^1];
        FieldReference inside = new(ref MakeField(78));
        CollectAndChurn();
        Check.Equal(77, field);
        Check.Equal(0, first);
        Check.Equal(24, last);
        Check.Equal(99_999 * 3, lastOfLarge);
        Check.Equal((byte)0xCC, lastOfFullCell);
        Check.Equal(78, inside.Target);
    }

    private static void Arrays_of_structs_keep_what_they_refer_to()
    {
        Mixed[] array = new Mixed[500];
        Mixed[][] nested = new Mixed[10][];
        (byte, Node)[] pairs = new (byte, Node)[300];
        for (int i = 0; i < array.Length; i++)
        {
            array[i] = new Mixed(i);
        }

        for (int i = 0; i < nested.Length; i++)
        {
            nested[i] = [new Mixed(i), new Mixed(i + 1000)];
        }

        for (int i = 0; i < pairs.Length; i++)
        {
            pairs[i] = ((byte)i, new Node { Value = i });
        }

        CollectAndChurn();
        for (int i = 0; i < array.Length; i++)
        {
            array[i].Verify(i);
        }

        for (int i = 0; i < nested.Length; i++)
        {
            nested[i][0].Verify(i);
            nested[i][1].Verify(i + 1000);
        }

        for (int i = 0; i < pairs.Length; i++)
        {
            Check.Equal(i, pairs[i].Item2.Value);
        }
    }

    private static void Inline_arrays_keep_what_they_refer_to()
    {
        Boxed<FourNodes> single = new();
        FourNodes[] many = new FourNodes[100];
        FourNodes local = default;
        for (int i = 0; i < 4; i++)
        {
            single.Value[i] = new Node { Value = i };
            local[i] = new Node { Value = 100 + i };
            for (int j = 0; j < many.Length; j++)
            {
                many[j][i] = new Node { Value = 1000 * j + i };
            }
        }

        Span<Node?> inside = MakeFourNodes().Value;
        CollectAndChurn();
        for (int i = 0; i < 4; i++)
        {
            Check.Equal(i, single.Value[i]!.Value);
            Check.Equal(100 + i, local[i]!.Value);
            Check.Equal(-i, inside[i]!.Value);
            for (int j = 0; j < many.Length; j++)
            {
                Check.Equal(1000 * j + i, many[j][i]!.Value);
            }
        }
    }

    private static void Delegates_keep_what_they_capture()
    {
        Func<int> counts = Counter(300);
        Func<Node?, int> bound = new Mixer(Shapes.List(50)).Sum;
        Action<Node> adds = Adder(out Func<int> total);
        CollectAndChurn();
        adds(Shapes.List(5));
        CollectAndChurn();
        adds(Shapes.List(6));
        Check.Equal(300, counts());
        Check.Equal(50 + 4, bound(Shapes.List(4)));
        Check.Equal(11, total());
    }

    private static void Boxes_keep_what_they_refer_to()
    {
        object box = new Mixed(5);
        object pair = (1, new Mixed(6), "six");
        IEnumerable<int> list = new List<int> { 1, 2, 3 };
        Mixed? maybe = new Mixed(8);
        CollectAndChurn();
        ((Mixed)box).Verify(5);
        (((int, Mixed, string))pair).Item2.Verify(6);
        int sum = 0;
        foreach (int item in list)
        {
            sum += item;
        }

        Check.Equal(6, sum);
        maybe.Value.Verify(8);
    }

    private static void Collections_keep_their_members()
    {
        List<(int, string, Mixed)> list = new();
        Dictionary<string, Mixed> table = new();
        HashSet<string> set = new();
        Queue<Mixed> queue = new();
        Stack<Node> stack = new();
        PriorityQueue<Node, int> order = new();
        for (int i = 0; i < 300; i++)
        {
            list.Add((i, i.ToString(), new Mixed(i)));
            table.Add("key" + i.ToString(), new Mixed(i));
            set.Add("member" + i.ToString());
            queue.Enqueue(new Mixed(i));
            stack.Push(new Node { Value = i });
            order.Enqueue(new Node { Value = i }, -i);
        }

        CollectAndChurn();
        for (int i = 0; i < 300; i++)
        {
            Check.Equal(i.ToString(), list[i].Item2);
            list[i].Item3.Verify(i);
            table["key" + i.ToString()].Verify(i);
            Check.That(set.Contains("member" + i.ToString()));
            queue.Dequeue().Verify(i);
            Check.Equal(299 - i, stack.Pop().Value);
            Check.Equal(299 - i, order.Dequeue().Value);
        }
    }

    private static void Registers_of_callers_keep_objects()
    {
        // More locals than registers survive a call; the rest go to the stack. Both must be seen, at every
        // depth.
        for (int depth = 0; depth < 5; depth++)
        {
            Check.Equal(6 * (depth + 1) * (depth + 2) / 2, SixLocals(depth));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int SixLocals(int depth)
    {
        Node a = new() { Value = depth + 1 };
        Node b = new() { Value = depth + 1 };
        Node c = new() { Value = depth + 1 };
        Node d = new() { Value = depth + 1 };
        Node e = new() { Value = depth + 1 };
        Node f = new() { Value = depth + 1 };
        int below = 0;
        if (depth == 0)
        {
            CollectAndChurn();
        }
        else
        {
            below = SixLocals(depth - 1);
        }

        return below + a.Value + b.Value + c.Value + d.Value + e.Value + f.Value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CollectAndChurn()
    {
        for (int i = 0; i < 2; i++)
        {
            Collector.Collect();
            Shapes.Churn();
        }
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
    private static Span<byte> MakeBytes(int length)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(0xCC);
        return bytes;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string MakeText() =>
        "numbers: " + Opaque.Number(10).ToString() + " " + Opaque.Number(11).ToString() + " 1";

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ref int MakeField(int value)
    {
        Node node = new() { Value = value };
        return ref node.Value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Boxed<FourNodes> MakeFourNodes()
    {
        Boxed<FourNodes> box = new();
        for (int i = 0; i < 4; i++)
        {
            box.Value[i] = new Node { Value = -i };
        }

        return box;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Func<int> Counter(int count)
    {
        Node list = Shapes.List(count);
        return () => Shapes.Length(list);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Action<Node> Adder(out Func<int> total)
    {
        List<Node> lists = new();
        total = () =>
        {
            int sum = 0;
            foreach (Node list in lists)
            {
                sum += Shapes.Length(list);
            }

            return sum;
        };
        return lists.Add;
    }

    private static class Holder<T>
    {
        internal static Node? Kept;
    }

    private sealed class Boxed<T>
        where T : struct
    {
        internal T Value;
    }

    private sealed class Mixer(Node list)
    {
        internal int Sum(Node? other) => Shapes.Length(list) + Shapes.Length(other);
    }

    private readonly ref struct FieldReference(ref int target)
    {
        private readonly ref int _target = ref target;

        internal int Target => _target;
    }

    [InlineArray(4)]
    private struct FourNodes
    {
        private Node? _first;
    }
}
