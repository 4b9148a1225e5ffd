using System;
using System.Collections.Generic;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>Type tests and casts, compiled so that the compiler cannot decide them itself.</summary>
internal static class CastTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(nameof(A_class_is_its_bases_and_nothing_else), A_class_is_its_bases_and_nothing_else));
        tests.Add(new(
            nameof(An_object_is_its_interfaces_and_their_bases),
            An_object_is_its_interfaces_and_their_bases));
        tests.Add(new(nameof(Interfaces_vary_as_declared), Interfaces_vary_as_declared));
        tests.Add(new(nameof(Arrays_of_references_are_covariant), Arrays_of_references_are_covariant));
        tests.Add(new(nameof(Arrays_of_numbers_match_by_size), Arrays_of_numbers_match_by_size));
        tests.Add(new(nameof(An_array_is_a_list_of_its_elements), An_array_is_a_list_of_its_elements));
        tests.Add(new(nameof(Boxes_know_their_exact_type), Boxes_know_their_exact_type));
        tests.Add(new(nameof(A_nullable_boxes_as_its_value_or_null), A_nullable_boxes_as_its_value_or_null));
        tests.Add(new(nameof(A_boxed_struct_runs_its_interface), A_boxed_struct_runs_its_interface));
        tests.Add(new(
            nameof(Default_methods_of_interfaces_are_found),
            Default_methods_of_interfaces_are_found));
        tests.Add(new(
            nameof(Interface_calls_find_overrides_at_every_level),
            Interface_calls_find_overrides_at_every_level));
        tests.Add(new(nameof(Many_types_through_one_call_site), Many_types_through_one_call_site));
    }

    private static void A_class_is_its_bases_and_nothing_else()
    {
        object derived = Opaque.Value(new Derived());
        Check.That(derived is Base);
        Check.That(derived is Derived);
        Check.That(derived is not MoreDerived);
        Check.That(derived is not string);
        Check.That(derived as Unrelated == null);
        Check.That(Opaque.Value(new Base()) is not Derived);
        Check.Equal(1, ((Base)derived).Level());
        Check.Equal(2, ((Base)Opaque.Value(new MoreDerived())).Level());
        Check.That(Opaque.Value("text") is string { Length: 4 });
    }

    private static void An_object_is_its_interfaces_and_their_bases()
    {
        object value = Opaque.Value(new MoreDerived());
        Check.That(value is INamed);
        Check.That(value is ISpecial);
        Check.That(value is not IDisposable);
        Check.Equal("base", ((INamed)value).Name);
        Check.That(Opaque.Value(new Derived()) is INamed and not ISpecial);
    }

    private static void Interfaces_vary_as_declared()
    {
        object producer = Opaque.Value(new Producer<Derived>());
        Check.That(producer is IProducer<Derived>);
        Check.That(producer is IProducer<Base>);
        Check.That(producer is IProducer<INamed>);
        Check.That(producer is IProducer<object>);
        Check.That(producer is not IProducer<MoreDerived>);
        Check.That(((IProducer<INamed>)producer).Produce() is null);

        object consumer = Opaque.Value(new Consumer<Base>());
        Check.That(consumer is IConsumer<Base>);
        Check.That(consumer is IConsumer<MoreDerived>);
        Check.That(consumer is not IConsumer<object>);
        Check.Equal(1, ((IConsumer<MoreDerived>)consumer).Consume(new MoreDerived()));

        // Variance converts references, never values.
        object numbers = Opaque.Value(new Producer<int>());
        Check.That(numbers is IProducer<int>);
        Check.That(numbers is not IProducer<object>);
        Check.That(numbers is not IProducer<uint>);
        Check.That(Opaque.Value(new Producer<Action<object>>()) is IProducer<Action<string>>);
    }

    private static void Arrays_of_references_are_covariant()
    {
        object array = Opaque.Value(new Derived[2]);
        Check.That(array is Base[]);
        Check.That(array is object[]);
        Check.That(array is INamed[]);
        Check.That(array is not MoreDerived[]);
        Check.That(array is not Derived[][]);
        Check.That(array is Array);
        Base[] bases = (Base[])array;
        bases[1] = new MoreDerived();
        Check.That(bases[1] is MoreDerived);
        object[] objects = (object[])array;
        objects[0] = bases[1];
        Check.That(ReferenceEquals(objects[0], bases[1]));
        object nested = Opaque.Value(new string[1][]);
        Check.That(nested is object[]);
        Check.That(nested is object[][]);
    }

    private static void Arrays_of_numbers_match_by_size()
    {
        object array = Opaque.Value(new int[2]);
        Check.That(array is int[]);
        Check.That(array is uint[]);
        Check.That(array is not long[]);
        Check.That(array is not object[]);
        Check.That(Opaque.Value(new Color[1]) is int[]);
        Check.That(Opaque.Value(new byte[1]) is sbyte[]);
        Check.That(Opaque.Value(new char[1]) is not ushort[]);
        Check.That(Opaque.Value(new bool[1]) is not byte[]);
    }

    private static void An_array_is_a_list_of_its_elements()
    {
        object array = Opaque.Value(new[] { 3, 5, 7 });
        Check.That(array is IEnumerable<int>);
        Check.That(array is IReadOnlyList<int>);
        Check.That(array is IList<int>);
        Check.That(array is not IEnumerable<string>);
        Check.Equal(5, ((IReadOnlyList<int>)array)[1]);
        Check.Equal(3, ((ICollection<int>)array).Count);
        Check.Equal(15, Sum((IEnumerable<int>)array));

        object texts = Opaque.Value(new[] { "a", "b" });
        Check.That(texts is IEnumerable<object>);
        Check.That(texts is IReadOnlyList<object>);
        Check.That(texts is IList<object>);
        Check.Equal("b", (string)((IReadOnlyList<object>)texts)[1]);
        int count = 0;
        foreach (object text in (IEnumerable<object>)texts)
        {
            count += ((string)text).Length;
        }

        Check.Equal(2, count);
    }

    private static void Boxes_know_their_exact_type()
    {
        object box = Opaque.Value(42);
        Check.That(box is int);
        Check.That(box is not uint);
        Check.That(box is not long);
        Check.That(box is 42);
        Check.That(box.Equals(42));
        Check.That(box is IEquatable<int>);
        object color = Opaque.Value(Color.Green);
        Check.That(color is Color.Green);
        Check.That(color is not int);
        Check.Equal(1, (int)color); // ECMA-335 III.4.32: an enum unboxes as its underlying type
        Check.That(color.Equals(Color.Green));
        Check.That(!color.Equals(1));
        Check.Equal(Color.Green.GetHashCode(), color.GetHashCode());
        object pair = Opaque.Value((1, "x"));
        Check.That(pair is ValueTuple<int, string>);
        Check.That(pair is not ValueTuple<int, object>);
        Check.That(pair.Equals((1, "x")));
    }

    private static void A_nullable_boxes_as_its_value_or_null()
    {
        int? some = 7;
        int? none = null;
        object? box = Opaque.Maybe(some);
        Check.That(box is int);
        Check.That(box is int?);
        Check.That(Opaque.Maybe(none) is null);
        int? back = (int?)box;
        Check.Equal(7, back ?? 0);
        back = (int?)Opaque.Maybe(none);
        Check.That(!back.HasValue);
        Check.That(Opaque.Maybe(none) as int? is null);
        (long, string)? wide = (long.MaxValue, "wide");
        object? boxedWide = Opaque.Maybe(wide);
        Check.That(((long, string)?)boxedWide == (long.MaxValue, "wide"));
    }

    private static void A_boxed_struct_runs_its_interface()
    {
        object box = Opaque.Value(new Counter { Count = 5 });
        INamed named = (INamed)box;
        Check.Equal("counter", named.Name);
        IStepping stepping = (IStepping)box;
        stepping.Step();
        stepping.Step();
        Check.Equal(7, ((Counter)box).Count);
        Check.Equal(3, StepGeneric(new Counter { Count = 2 }));
    }

    private static void Default_methods_of_interfaces_are_found()
    {
        IGreeting plain = (IGreeting)Opaque.Value(new PlainGreeting());
        IGreeting own = (IGreeting)Opaque.Value(new OwnGreeting());
        Check.Equal("hello plain", plain.Greet());
        Check.Equal("own", own.Greet());
        IGreeting loud = (IGreeting)Opaque.Value(new LoudGreeting());
        Check.Equal("HELLO", loud.Greet());
        IGreeting value = (IGreeting)Opaque.Value(new ValueGreeting { Who = "value" });
        Check.Equal("hello value", value.Greet());
    }

    private static void Interface_calls_find_overrides_at_every_level()
    {
        IShape[] shapes = [new Shape(), new Square(), new RoundSquare(), new HiddenShape()];
        int[] expected = [0, 4, 8, 100];
        for (int i = 0; i < shapes.Length; i++)
        {
            Check.Equal(expected[i], ((IShape)Opaque.Value(shapes[i])).Corners());
        }

        IGenericShape<string> generic = (IGenericShape<string>)Opaque.Value(new GenericShape<string>());
        Check.Equal("x", generic.Pick("x", "y"));
        IGenericShape<int> numbers = (IGenericShape<int>)Opaque.Value(new GenericShape<int>());
        Check.Equal(1, numbers.Pick(1, 2));
    }

    private static void Many_types_through_one_call_site()
    {
        IStepping[] all =
        [
            new Stepper<byte>(), new Stepper<short>(), new Stepper<int>(), new Stepper<long>(),
            new Stepper<string>(),
            new Stepper<object>(), new Stepper<char>(), new Stepper<bool>(), new Stepper<nint>(),
            new Stepper<uint>(),
            new Counter(), new Stepper<(int, int)>(), new Stepper<Counter>(), new Stepper<Color>(),
        ];
        for (int round = 0; round < 1000; round++)
        {
            foreach (IStepping one in all)
            {
                one.Step();
            }
        }

        foreach (IStepping one in all)
        {
            Check.Equal(1000, one.Steps);
        }
    }

    private static int Sum(IEnumerable<int> numbers)
    {
        int sum = 0;
        foreach (int number in numbers)
        {
            sum += number;
        }

        return sum;
    }

    private static int StepGeneric<T>(T value)
        where T : IStepping
    {
        value.Step();
        return value.Steps;
    }

    private enum Color
    {
        Red,
        Green,
    }

    private interface INamed
    {
        string Name { get; }
    }

    private interface ISpecial : INamed
    {
    }

    private interface IProducer<out T>
    {
        T? Produce();
    }

    private interface IConsumer<in T>
    {
        int Consume(T value);
    }

    private interface IStepping
    {
        int Steps { get; }

        void Step();
    }

    private interface IGreeting
    {
        string Who { get; }

        string Greet() => "hello " + Who;
    }

    private interface ILoudGreeting : IGreeting
    {
        string IGreeting.Greet() => "HELLO";
    }

    private interface IShape
    {
        int Corners();
    }

    private interface IGenericShape<T>
    {
        T Pick(T first, T second);
    }

    private class Base : INamed
    {
        public string Name => "base";

        internal virtual int Level() => 0;
    }

    private class Derived : Base
    {
        internal override int Level() => 1;
    }

    private sealed class MoreDerived : Derived, ISpecial
    {
        internal override int Level() => 2;
    }

    private sealed class Unrelated
    {
    }

    private sealed class Producer<T> : IProducer<T>
    {
        public T? Produce() => default;
    }

    private sealed class Consumer<T> : IConsumer<T>
    {
        public int Consume(T value) => 1;
    }

    private struct Counter : IStepping, INamed
    {
        internal int Count;

        public readonly int Steps => Count;

        public readonly string Name => "counter";

        public void Step() => Count++;
    }

    private sealed class Stepper<T> : IStepping
    {
        public int Steps { get; private set; }

        public void Step() => Steps++;
    }

    private sealed class PlainGreeting : IGreeting
    {
        public string Who => "plain";
    }

    private sealed class OwnGreeting : IGreeting
    {
        public string Who => "own";

        public string Greet() => Who;
    }

    private sealed class LoudGreeting : ILoudGreeting
    {
        public string Who => "loud";
    }

    private struct ValueGreeting : IGreeting
    {
        public string Who { get; set; }
    }

    private class Shape : IShape
    {
        public virtual int Corners() => 0;
    }

    private class Square : Shape
    {
        public override int Corners() => 4;
    }

    private sealed class RoundSquare : Square
    {
        public override int Corners() => 8;
    }

    private sealed class HiddenShape : Square, IShape
    {
        int IShape.Corners() => 100;
    }

    private sealed class GenericShape<T> : IGenericShape<T>
    {
        public T Pick(T first, T second) => first;
    }
}
