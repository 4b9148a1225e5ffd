using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>
/// C# whose compilation leans on the core library: each piece here is one the rooms may use.
/// </summary>
internal static class LanguageTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(
            nameof(Inline_arrays_index_slice_and_enumerate),
            Inline_arrays_index_slice_and_enumerate));
        tests.Add(new(
            nameof(Collection_expressions_build_spans_arrays_and_lists),
            Collection_expressions_build_spans_arrays_and_lists));
        tests.Add(new(nameof(A_params_span_takes_its_arguments), A_params_span_takes_its_arguments));
        tests.Add(new(nameof(Ranges_slice_spans_arrays_and_strings), Ranges_slice_spans_arrays_and_strings));
        tests.Add(new(nameof(Record_structs_compare_and_print), Record_structs_compare_and_print));
        tests.Add(new(nameof(Switches_on_text_find_their_case), Switches_on_text_find_their_case));
        tests.Add(new(nameof(Patterns_look_into_values), Patterns_look_into_values));
        tests.Add(new(nameof(Using_and_finally_run_in_order), Using_and_finally_run_in_order));
        tests.Add(new(nameof(Checked_arithmetic_passes_what_fits), Checked_arithmetic_passes_what_fits));
        tests.Add(new(nameof(Stack_memory_starts_as_written), Stack_memory_starts_as_written));
        tests.Add(new(nameof(Strings_join_and_slice), Strings_join_and_slice));
    }

    private static void Inline_arrays_index_slice_and_enumerate()
    {
        FourNumbers numbers = default;
        for (int i = 0; i < 4; i++)
        {
            numbers[Opaque.Number(i)] = i * i;
        }

        Span<int> span = numbers;
        span[1] = 100;
        Check.Equal(100, numbers[1]);
        int sum = 0;
        foreach (int number in numbers)
        {
            sum += number;
        }

        Check.Equal(113, sum);
        Check.Equal(13, numbers[2..][0] + numbers[2..][1]);
        ReadOnlySpan<int> all = numbers;
        Check.Equal(4, all.Length);

        TwoTexts texts = default;
        texts[0] = "a";
        texts[^1] = "b";
        Check.Equal("ab", texts[0] + texts[1]);
    }

    private static void Collection_expressions_build_spans_arrays_and_lists()
    {
        int two = Opaque.Number(2);
        Span<int> span = [1, two, 3];
        ReadOnlySpan<int> constant = [4, 5];
        int[] array = [.. span, .. constant];
        List<int> list = [0, .. array];
        List<string> texts = ["x", "y"];
        Check.Equal(5, array.Length);
        Check.Equal(6, list.Count);
        Check.Equal(15, Sum(list));
        Check.Equal("y", texts[1]);
        ReadOnlySpan<string> spanOfTexts = ["p", texts[0], "q"];
        Check.Equal("x", spanOfTexts[1]);
        IReadOnlyList<int> readOnly = array;
        Check.Equal(5, readOnly.Count);
    }

    private static void A_params_span_takes_its_arguments()
    {
        Check.Equal(0, SumOf());
        Check.Equal(6, SumOf(1, Opaque.Number(2), 3));
        Check.Equal("a-b-c", string.Join("-", "a", "b", "c"));
    }

    private static void Ranges_slice_spans_arrays_and_strings()
    {
        int[] array = [0, 1, 2, 3, 4, 5];
        Check.Equal(5, array[^1]);
        Check.Equal(3, array[1..^2].Length);
        Check.Equal(1, array[1..^2][0]);
        Check.Equal(2, array.AsSpan()[4..].Length);
        Check.Equal("bc", "abcd"[1..3]);
        Range range = 1..3;
        Check.Equal(2, array[range].Length);
        Check.That(range.Equals(new Range(1, 3)));
        Check.Equal(4, new Index(2, fromEnd: true).GetOffset(6));
    }

    private static void Record_structs_compare_and_print()
    {
        Point a = new(1, "one");
        Point b = new(Opaque.Number(1), "one");
        Check.That(a == b);
        Check.That(a != b with { X = 2 });
        Check.Equal(a.GetHashCode(), b.GetHashCode());
        Check.Equal("Point { X = 1, Name = one }", a.ToString());
        (int x, string name) = a;
        Check.That(x == 1 && name == "one");
        Check.That(new Dictionary<Point, int> { [a] = 5 }[b] == 5);
    }

    private static void Switches_on_text_find_their_case()
    {
        string[] names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
        for (int i = 0; i < names.Length; i++)
        {
            Check.Equal(i, Digit(names[i].Substring(0)));
            Check.Equal(i, DigitOfSpan(names[i].AsSpan()));
        }

        Check.Equal(-1, Digit("ten"));
        Check.Equal(-1, Digit(""));
        Check.Equal(-1, DigitOfSpan("nin"));
    }

    private static void Patterns_look_into_values()
    {
        Check.Equal("small", Describe(3));
        Check.Equal("text of 2", Describe("ab"));
        Check.Equal("pair with 1", Describe((1, 9)));
        Check.Equal("first 7", Describe(new[] { 7, 8, 9 }));
        Check.Equal("empty", Describe(Array.Empty<int>()));
        Check.Equal("nothing", Describe(null));
        Check.That("GET / HTTP"u8 is [(byte)'G', (byte)'E', .., (byte)'P']);
    }

    private static void Using_and_finally_run_in_order()
    {
        List<int> order = new();
        using (new Mark(order, 2))
        {
            using Mark inner = new(order, 1);
            order.Add(0);
        }

        try
        {
            order.Add(3);
        }
        finally
        {
            order.Add(4);
        }

        foreach (int i in order)
        {
            Check.Equal(i, order[i]);
        }

        Check.Equal(5, order.Count);
    }

    private static void Checked_arithmetic_passes_what_fits()
    {
        int big = Opaque.Number(int.MaxValue);
        checked
        {
            Check.Equal(int.MaxValue, (int)(long)big);
            Check.Equal(int.MinValue, -big - 1);
            Check.Equal(0x7FFF_FFFFL * 0x7FFF_FFFFL, (long)big * big);
            Check.Equal((byte)255, (byte)(big & 255));
        }

        unchecked
        {
            Check.Equal(int.MinValue, big + 1);
            Check.Equal((byte)0xFF, (byte)big);
        }

        Check.Equal(-3, Opaque.Number(-7) / 2);
        Check.Equal(-1, Opaque.Number(-7) % 2);
        Check.Equal(1ul << 63, 1ul << Opaque.Number(63));
    }

    private static void Stack_memory_starts_as_written()
    {
        Span<byte> zeros = stackalloc byte[Opaque.Number(100)];
        foreach (byte zero in zeros)
        {
            Check.Equal(0, zero);
        }

        ReadOnlySpan<int> listed = stackalloc[] { 1, 2, 3 };
        Check.Equal(6, listed[0] + listed[1] + listed[2]);
    }

    private static void Strings_join_and_slice()
    {
        string left = "left" + Opaque.Number(1).ToString();
        Check.Equal("left1right", left + "right");
        Check.Equal("left1right!", $"{left}right{"!"}");
        Check.Equal("ft1", left.Substring(2));
        Check.Equal(4, left.IndexOf('1'));
        Check.That(left.StartsWith("left", StringComparison.Ordinal));
        Check.Equal("xxx", new string('x', 3));
        Check.Equal("bc", new string("abc".AsSpan(1)));
        Check.Equal("ab", new string(new[] { 'a', 'b' }));
        Check.That(string.CompareOrdinal("a", "b") < 0);
        Check.Equal("", string.Concat(null, ""));
        Check.Equal(left.GetHashCode(), "left1".GetHashCode());
    }

    private static int Digit(string name) => name switch
    {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        _ => -1,
    };

    private static int DigitOfSpan(ReadOnlySpan<char> name) => name switch
    {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        _ => -1,
    };

    private static string Describe(object? value) => value switch
    {
        int and > 0 and < 10 => "small",
        string { Length: var length } => "text of " + length.ToString(),
        ValueTuple<int, int> (int first, 9) => "pair with " + first.ToString(),
        int[] and [var first, ..] => "first " + first.ToString(),
        int[] => "empty",
        null => "nothing",
        _ => "something",
    };

    private static int SumOf(params ReadOnlySpan<int> numbers)
    {
        int sum = 0;
        foreach (int number in numbers)
        {
            sum += number;
        }

        return sum;
    }

    private static int Sum(List<int> numbers)
    {
        int sum = 0;
        foreach (int number in numbers)
        {
            sum += number;
        }

        return sum;
    }

    [InlineArray(4)]
    private struct FourNumbers
    {
        private int _first;
    }

    [InlineArray(2)]
    private struct TwoTexts
    {
        private string? _first;
    }

    private readonly record struct Point(int X, string Name);

    private readonly struct Mark(List<int> order, int number) : IDisposable
    {
        public void Dispose() => order.Add(number);
    }
}
