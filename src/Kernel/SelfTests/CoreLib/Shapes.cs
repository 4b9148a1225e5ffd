using System;
using System.Runtime.CompilerServices;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>Structures of objects that tests of the collector build, lose and look through.</summary>
internal static class Shapes
{
    private const int ChurnRounds = 10_000;

    /// <summary>
    /// Allocates and drops objects of many sizes, so that whatever was freed wrongly is overwritten.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Churn() => Churn(ChurnRounds);

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Churn(int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            int[] garbage = new int[i % 40];
            garbage.AsSpan().Fill(-1);
            Opaque.Keep(garbage);
            Opaque.Keep(new Node { Value = -1 });
        }
    }

    /// <summary>
    /// Overwrites what earlier calls left on the stack, where the collector would still see it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ClearStack()
    {
        Span<byte> space = stackalloc byte[4096];
        space.Clear();
        Opaque.Number(space[Opaque.Number(0)]);
    }

    /// <summary>A list whose values count up from a number.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Node List(int count, int firstValue = 0)
    {
        Node first = new() { Value = firstValue };
        Node last = first;
        for (int i = 1; i < count; i++)
        {
            last.Next = new Node { Value = firstValue + i };
            last = last.Next;
        }

        return first;
    }

    /// <summary>Counts the nodes and checks that their values count up or down evenly.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int Length(Node? node)
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

    internal static bool IsFilled(byte[] bytes) =>
        bytes.Length == 0 || bytes.AsSpan().IndexOfAnyExcept(bytes[0]) < 0;

    /// <summary>The next of a sequence of numbers without visible order, never zero.</summary>
    /// <source>Marsaglia, "Xorshift RNGs" (2003).</source>
    internal static uint Next(uint random)
    {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        return random;
    }

    internal sealed class Node
    {
        internal int Value;
        internal Node? Next;
    }

    internal sealed class Tree
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

    /// <summary>
    /// References and other fields in turn, so that an array of these has holes everywhere.
    /// </summary>
    internal struct Mixed
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
