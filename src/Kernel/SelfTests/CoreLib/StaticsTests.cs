using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>
/// Static fields: computed by the compiler, lazily by their constructors, with and without references.
/// </summary>
internal static class StaticsTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(
            nameof(Constant_statics_are_there_without_code),
            Constant_statics_are_there_without_code));
        tests.Add(new(
            nameof(A_static_constructor_runs_once_before_use),
            A_static_constructor_runs_once_before_use));
        tests.Add(new(
            nameof(Static_constructors_may_need_each_other),
            Static_constructors_may_need_each_other));
        tests.Add(new(
            nameof(Literals_are_shared_and_frozen_objects_hold_heap_ones),
            Literals_are_shared_and_frozen_objects_hold_heap_ones));
    }

    private static void Constant_statics_are_there_without_code()
    {
        Check.Equal(3, Constants.Numbers.Length);
        Check.Equal(30, Constants.Numbers[2]);
        Check.Equal("b", Constants.Texts[1]);
        Check.Equal(7, Constants.Nested.Next!.Value);
        Check.Equal((byte)2, Constants.Table[1]);
    }

    private static void A_static_constructor_runs_once_before_use()
    {
        Check.Equal(0, s_lazyRuns);
        Check.Equal(Opaque.Number(5) + 1, Lazy.Value);
        Check.Equal(6, Lazy.Value);
        Check.Equal(1, s_lazyRuns);
        Check.Equal("computed 1", Lazy.Text);
    }

    private static void Static_constructors_may_need_each_other()
    {
        // ECMA-335 II.10.5.3.3: the second one sees the first one's fields as they are.
        Check.Equal(11, First.Value);
        Check.Equal(10, Second.Value);
    }

    private static void Literals_are_shared_and_frozen_objects_hold_heap_ones()
    {
        Check.That(ReferenceEquals("literal", Literal()));
        Node fresh = new() { Value = Opaque.Number(99) };
        Constants.Nested.Next!.Next = fresh;
        Check.Equal(99, Constants.Nested.Next.Next!.Value);
        Constants.Nested.Next.Next = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Literal() => "literal";

    private static int s_lazyRuns;

    private sealed class Node
    {
        internal int Value;
        internal Node? Next;
    }

    private static class Constants
    {
        internal static readonly int[] Numbers = [10, 20, 30];
        internal static readonly string[] Texts = ["a", "b"];
        internal static readonly Node Nested = new() { Value = 6, Next = new Node { Value = 7 } };

        internal static ReadOnlySpan<byte> Table => [1, 2, 3];
    }

    private static class Lazy
    {
        internal static readonly int Value;
        internal static readonly string Text;

        static Lazy()
        {
            Value = Opaque.Number(5) + 1;
            s_lazyRuns++;
            Text = "computed " + s_lazyRuns.ToString();
        }
    }

    private static class First
    {
        internal static readonly int Value;

        static First() => Value = Opaque.Number(1) + Second.Value;
    }

    private static class Second
    {
        internal static readonly int Value;

        static Second() => Value = Opaque.Number(10) + First.Value;
    }
}
