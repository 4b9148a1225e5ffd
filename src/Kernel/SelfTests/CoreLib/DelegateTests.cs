using System;
using System.Collections.Generic;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>Every way in which C# makes a delegate.</summary>
internal static class DelegateTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(nameof(A_delegate_calls_a_static_method), A_delegate_calls_a_static_method));
        tests.Add(new(nameof(A_delegate_calls_an_instance_method), A_delegate_calls_an_instance_method));
        tests.Add(new(nameof(A_delegate_calls_the_override), A_delegate_calls_the_override));
        tests.Add(new(nameof(A_delegate_calls_through_an_interface), A_delegate_calls_through_an_interface));
        tests.Add(new(
            nameof(A_delegate_on_a_struct_works_on_its_copy),
            A_delegate_on_a_struct_works_on_its_copy));
        tests.Add(new(nameof(A_lambda_shares_what_it_captures), A_lambda_shares_what_it_captures));
        tests.Add(new(nameof(A_delegate_calls_a_generic_method), A_delegate_calls_a_generic_method));
        tests.Add(new(nameof(A_delegate_binds_an_extension_method), A_delegate_binds_an_extension_method));
        tests.Add(new(nameof(Delegates_vary_as_declared), Delegates_vary_as_declared));
    }

    private static void A_delegate_calls_a_static_method()
    {
        Func<int, int> twice = Twice;
        Func<int, int> lambda = static value => value * 3;
        Check.Equal(8, Call(twice, 4));
        Check.Equal(12, Call(lambda, 4));
    }

    private static void A_delegate_calls_an_instance_method()
    {
        Adder adder = new(10);
        Check.Equal(14, Call(adder.Add, 4));
        Check.Equal(14, Call(new Func<int, int>(adder.Add).Invoke, 4));
    }

    private static void A_delegate_calls_the_override()
    {
        Adder adder = (Adder)Opaque.Value(new Subtracter(10));
        Check.Equal(-6, Call(adder.Add, 4));
    }

    private static void A_delegate_calls_through_an_interface()
    {
        IOperation operation = (IOperation)Opaque.Value(new Subtracter(1));
        Check.Equal(3, Call(operation.Apply, 4));
        operation = (IOperation)Opaque.Value(new Multiplier { Factor = 5 });
        Check.Equal(20, Call(operation.Apply, 4));
    }

    private static void A_delegate_on_a_struct_works_on_its_copy()
    {
        Multiplier multiplier = new() { Factor = 2 };
        Func<int, int> bound = multiplier.Apply;
        multiplier.Factor = 100;
        Check.Equal(8, Call(bound, 4));
    }

    private static void A_lambda_shares_what_it_captures()
    {
        int calls = 0;
        Func<int, int> counting = value =>
        {
            calls++;
            return value + calls;
        };
        Check.Equal(5, Call(counting, 4));
        Check.Equal(6, Call(counting, 4));
        Check.Equal(2, calls);
    }

    private static void A_delegate_calls_a_generic_method()
    {
        Func<int, int> numbers = Same<int>;
        Func<string, string> texts = Same<string>;
        Check.Equal(4, Call(numbers, 4));
        Check.Equal("x", texts("x"));
        Box<string> box = new("content");
        Func<string> get = box.Get;
        Check.Equal("content", get());
        // These carry their type argument along as a hidden parameter.
        Func<object, bool> isText = box.Holds<string>;
        Func<object, bool> isBox = box.Holds<Box<int>>;
        Check.That(isText("x") && !isText(box));
        Check.That(isBox(new Box<int>(1)) && !isBox(box));
    }

    private static void A_delegate_binds_an_extension_method()
    {
        string text = "abc";
        Func<int, char> at = text.At;
        Check.Equal('b', at(1));
    }

    private static void Delegates_vary_as_declared()
    {
        Func<string> text = () => "text";
        Func<object> any = text;
        Check.Equal("text", (string)any());
        // somebody has to make one, or the compiler takes the test below for false
        any = () => Opaque.Value(5);
        Check.Equal(5, (int)any());
        Action<object> takesAny = value => Opaque.Keep(value);
        Action<string> takesText = takesAny;
        takesText("x");
        Check.That(Opaque.Value(text) is Func<object>);
        Check.That(Opaque.Value(takesAny) is Action<string>);
        Check.That(Opaque.Value(takesAny) is not Action<int>);
        Check.That(Opaque.Value(text) is Delegate);
    }

    private static int Call(Func<int, int> function, int argument) => function(argument);

    private static int Twice(int value) => value * 2;

    private static T Same<T>(T value) => value;

    private static char At(this string text, int index) => text[index];

    private interface IOperation
    {
        int Apply(int value);
    }

    private class Adder(int amount)
    {
        protected int Amount => amount;

        internal virtual int Add(int value) => value + amount;
    }

    private sealed class Subtracter(int amount) : Adder(amount), IOperation
    {
        public int Apply(int value) => Add(value);

        internal override int Add(int value) => value - Amount;
    }

    private struct Multiplier : IOperation
    {
        internal int Factor;

        public readonly int Apply(int value) => value * Factor;
    }

    private sealed class Box<T>(T value)
    {
        internal T Get() => value;

        internal bool Holds<TOther>(object other) => value is not null && other is TOther;
    }
}
