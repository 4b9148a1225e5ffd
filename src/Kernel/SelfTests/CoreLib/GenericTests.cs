using System;
using System.Collections.Generic;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>Shared and exact generic code, static virtual members, interfaces on ref structs.</summary>
internal static class GenericTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(
            nameof(Static_members_of_interfaces_are_chosen_by_type),
            Static_members_of_interfaces_are_chosen_by_type));
        tests.Add(new(nameof(Shared_code_knows_its_type_argument), Shared_code_knows_its_type_argument));
        tests.Add(new(
            nameof(Each_instantiation_has_its_own_statics),
            Each_instantiation_has_its_own_statics));
        tests.Add(new(
            nameof(A_ref_struct_may_implement_an_interface),
            A_ref_struct_may_implement_an_interface));
        tests.Add(new(nameof(Default_comparers_fit_their_types), Default_comparers_fit_their_types));
    }

    private static void Static_members_of_interfaces_are_chosen_by_type()
    {
        Check.Equal(3, Total<Meters>([new(1), new(2)]).Value);
        Check.Equal("m", Unit<Meters>());
        Check.Equal("s", Unit<Seconds>());
        Check.Equal("?", Unit<Unknown>());
        Check.Equal("shared", Unit<SharedUnit<string>>());
    }

    private static void Shared_code_knows_its_type_argument()
    {
        Check.That(Holder<string>.Holds("text"));
        Check.That(!Holder<string>.Holds(new object()));
        Check.That(Holder<Exception>.Holds(new InvalidOperationException()));
        Check.That(new Holder<string>().MakeArray() is string[]);
        Check.That(Opaque.Value(new Holder<List<string>>().MakeArray()) is List<string>[]);
        Check.That(Opaque.Value(new Holder<string>().MakeList()) is List<string>);
        Check.That(Opaque.Value(Wrap(new Holder<string>())) is Holder<Holder<string>>);
    }

    private static void Each_instantiation_has_its_own_statics()
    {
        Holder<string>.Shared = 1;
        Holder<object>.Shared = 2;
        Holder<int>.Shared = 3;
        Check.Equal(1, Holder<string>.Shared);
        Check.Equal(2, Holder<object>.Shared);
        Check.Equal(3, Holder<int>.Shared);
        Check.That(Holder<string>.Instances != (object)Holder<object>.Instances);
        Holder<string>.Instances.Add("x");
        Check.Equal(1, Holder<string>.Instances.Count);
        Check.Equal(0, Holder<object>.Instances.Count);
        Holder<string>.Instances.Clear();
    }

    private static void A_ref_struct_may_implement_an_interface()
    {
        int written = 0;
        SpanCounter counter = new(ref written);
        Drive(ref counter);
        Check.Equal(2, written);
    }

    private static void Default_comparers_fit_their_types()
    {
        Check.That(EqualityComparer<string>.Default.Equals("a" + Opaque.Number(1).ToString(), "a1"));
        Check.That(EqualityComparer<int?>.Default.Equals(3, 3));
        Check.That(!EqualityComparer<int?>.Default.Equals(null, 0));
        Check.That(EqualityComparer<DayOfCheck>.Default.Equals(DayOfCheck.Two, (DayOfCheck)2));
        Check.That(EqualityComparer<(int, string)>.Default.Equals((1, "x"), (1, "x")));
        Check.That(EqualityComparer<object>.Default.Equals(5, 5));
        Check.That(Comparer<DayOfCheck>.Default.Compare(DayOfCheck.MinusOne, DayOfCheck.Two) < 0);
        Check.That(Comparer<string>.Default.Compare("b", "a") > 0);
        Check.That(Comparer<int?>.Default.Compare(null, int.MinValue) < 0);
        Check.That(SharedEquals("q", "q"));
        Check.That(!SharedEquals(new object(), new object()));
    }

    private static bool SharedEquals<T>(T left, T right) => EqualityComparer<T>.Default.Equals(left, right);

    private static T Total<T>(ReadOnlySpan<T> values)
        where T : IQuantity<T>
    {
        T total = T.Zero;
        foreach (T value in values)
        {
            total += value;
        }

        return total;
    }

    private static string Unit<T>()
        where T : IUnit =>
        T.Symbol;

    private static Holder<T> Wrap<T>(T value) => new() { Value = value };

    private static void Drive<T>(ref T counter)
        where T : struct, IBump, allows ref struct
    {
        counter.Bump();
        counter.Bump();
    }

    private enum DayOfCheck
    {
        MinusOne = -1,
        Two = 2,
    }

    private interface IUnit
    {
        static virtual string Symbol => "?";
    }

    private interface IQuantity<T>
        where T : IQuantity<T>
    {
        static abstract T Zero { get; }

        static abstract T operator +(T left, T right);
    }

    private interface IBump
    {
        void Bump();
    }

    private readonly struct Meters(int value) : IQuantity<Meters>, IUnit
    {
        public static Meters Zero => new(0);

        public static string Symbol => "m";

        internal int Value => value;

        public static Meters operator +(Meters left, Meters right) => new(left.Value + right.Value);
    }

    private readonly struct Seconds : IUnit
    {
        public static string Symbol => "s";
    }

    private readonly struct Unknown : IUnit
    {
    }

    private sealed class SharedUnit<T> : IUnit
    {
        public static string Symbol => "shared";
    }

    private sealed class Holder<T>
    {
        internal static int Shared;

        internal static readonly List<T> Instances = new();

        internal T? Value { get; init; }

        internal static bool Holds(object value) => value is T;

        internal T[] MakeArray() => new T[1];

        internal List<T> MakeList() => new();
    }

    private ref struct SpanCounter(ref int target) : IBump
    {
        private readonly ref int _target = ref target;

        public void Bump() => _target++;
    }
}
