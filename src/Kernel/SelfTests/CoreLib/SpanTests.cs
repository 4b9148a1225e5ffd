using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>Searching, comparing, copying and sorting. Every expectation holds on stock .NET, too.</summary>
internal static class SpanTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(nameof(Spans_find_bytes_at_every_position), Spans_find_bytes_at_every_position));
        tests.Add(new(nameof(Spans_find_sequences), Spans_find_sequences));
        tests.Add(new(nameof(Spans_compare_at_every_length), Spans_compare_at_every_length));
        tests.Add(new(nameof(Spans_copy_over_themselves), Spans_copy_over_themselves));
        tests.Add(new(nameof(Spans_fill_and_clear_exactly), Spans_fill_and_clear_exactly));
        tests.Add(new(nameof(Spans_of_references_move_them), Spans_of_references_move_them));
        tests.Add(new(nameof(Trimming_takes_the_ends_only), Trimming_takes_the_ends_only));
        tests.Add(new(nameof(Sorting_orders_every_kind_of_input), Sorting_orders_every_kind_of_input));
        tests.Add(new(nameof(Binary_search_finds_or_says_where), Binary_search_finds_or_says_where));
        tests.Add(new(nameof(Memory_remembers_a_part_of_an_array), Memory_remembers_a_part_of_an_array));
        tests.Add(new(nameof(Plain_structs_are_bytes_and_back), Plain_structs_are_bytes_and_back));
        tests.Add(new(nameof(Array_operations_do_what_they_say), Array_operations_do_what_they_say));
    }

    private static void Spans_find_bytes_at_every_position()
    {
        Span<byte> bytes = stackalloc byte[70];
        for (int length = 0; length <= bytes.Length; length++)
        {
            for (int at = 0; at < length; at++)
            {
                bytes.Clear();
                bytes[at] = 0x80;
                if (at + 3 < length)
                {
                    bytes[at + 3] = 0x80;
                }

                ReadOnlySpan<byte> part = bytes[..length];
                Check.Equal(at, part.IndexOf((byte)0x80));
                Check.Equal(at + 3 < length ? at + 3 : at, part.LastIndexOf((byte)0x80));
                Check.Equal(at, part.IndexOfAnyExcept((byte)0));
                Check.Equal(at, part.IndexOfAny((byte)0x81, (byte)0x80));
                Check.Equal(-1, part.IndexOf((byte)0x7F));
                Check.Equal(-1, part.IndexOf((byte)0x81));
            }
        }

        // The subtraction in a word-wise search borrows from the byte above a match: 1 above 0 must not
        // count.
        Check.Equal(0, new byte[] { 0, 1, 1, 1, 1, 1, 1, 1 }.AsSpan().IndexOf((byte)0));
        Check.Equal(7, new byte[] { 1, 1, 1, 1, 1, 1, 1, 0 }.AsSpan().IndexOf((byte)0));
    }

    private static void Spans_find_sequences()
    {
        ReadOnlySpan<byte> text = "abcabcabd"u8;
        Check.Equal(0, text.IndexOf("abc"u8));
        Check.Equal(6, text.IndexOf("abd"u8));
        Check.Equal(-1, text.IndexOf("abe"u8));
        Check.Equal(0, text.IndexOf(""u8));
        Check.Equal(-1, "ab"u8.IndexOf("abc"u8));
        Check.Equal(2, text.IndexOfAny("xyzc"u8));
        Check.That(text.StartsWith("abca"u8) && !text.StartsWith("b"u8));
        Check.That(text.EndsWith("abd"u8) && !text.EndsWith("abc"u8));
        Check.That(text.Contains((byte)'d') && !text.Contains((byte)'e'));
        Check.Equal(3, text.Count((byte)'a'));
        Check.Equal(3, "one two"u8.IndexOf((byte)' '));
        Check.Equal(5, text.CommonPrefixLength("abcabx"u8));
        Check.Equal(4, "hello".AsSpan().IndexOf('o'));
        Check.That("hello".AsSpan().SequenceEqual("hello"));
    }

    private static void Spans_compare_at_every_length()
    {
        byte[] left = new byte[64];
        byte[] right = new byte[64];
        for (int length = 0; length <= 64; length++)
        {
            for (int at = 0; at < 64; at++)
            {
                right[at] = 1;
                bool isSame = at >= length;
                Check.Equal(isSame, left.AsSpan(0, length).SequenceEqual(right.AsSpan(0, length)));
                int expected = isSame ? length : at;
                Check.Equal(expected, left.AsSpan(0, length).CommonPrefixLength(right.AsSpan(0, length)));
                int order = left.AsSpan(0, length).SequenceCompareTo(right.AsSpan(0, length));
                Check.Equal(isSame ? 0 : -1, Math.Sign(order));
                right[at] = 0;
            }
        }

        string[] texts = ["a", "b"];
        Check.That(texts.AsSpan().SequenceEqual(new[] { "a", "b".Substring(0) }));
        Check.That(new[] { 1, 2 }.AsSpan().SequenceCompareTo([1, 2, 0]) < 0);
    }

    private static void Spans_copy_over_themselves()
    {
        byte[] bytes = new byte[80];
        byte[] expected = new byte[80];
        for (int length = 0; length <= 40; length++)
        {
            for (int from = 0; from < 20; from++)
            {
                int to = 10;
                for (int i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = (byte)i;
                    expected[i] = (byte)i;
                }

                for (int i = 0; i < length; i++)
                {
                    expected[to + i] = (byte)(from + i);
                }

                bytes.AsSpan(from, length).CopyTo(bytes.AsSpan(to));
                Check.That(bytes.AsSpan().SequenceEqual(expected));
            }
        }

        Check.That(!bytes.AsSpan(0, 5).TryCopyTo(expected.AsSpan(0, 4)));
    }

    private static void Spans_fill_and_clear_exactly()
    {
        byte[] bytes = new byte[300];
        for (int length = 0; length <= 290; length++)
        {
            bytes.AsSpan().Clear();
            bytes.AsSpan(5, length).Fill(0xEE);
            Check.Equal(length, bytes.AsSpan().Count((byte)0xEE));
            Check.That(length == 0 || (bytes[5] == 0xEE && bytes[4 + length] == 0xEE));
            bytes.AsSpan(5, length).Clear();
            Check.Equal(0, bytes.AsSpan().Count((byte)0xEE));
        }

        int[] numbers = new int[9];
        numbers.AsSpan(1, 7).Fill(-2);
        Check.That(numbers is [0, -2, -2, -2, -2, -2, -2, -2, 0]);
    }

    private static void Spans_of_references_move_them()
    {
        string?[] texts = ["a", "b", "c", "d", null];
        texts.AsSpan(0, 4).CopyTo(texts.AsSpan(1));
        Check.Equal("a a b c d", string.Join(' ', texts));
        texts.AsSpan(2).CopyTo(texts);
        Check.Equal("b c d c d", string.Join(' ', texts));
        texts.AsSpan(1, 3).Clear();
        Check.That(texts is ["b", null, null, null, "d"]);
        texts.AsSpan().Reverse();
        Check.That(texts is ["d", null, null, null, "b"]);
    }

    private static void Trimming_takes_the_ends_only()
    {
        Check.That("  a b "u8.Trim((byte)' ').SequenceEqual("a b"u8));
        Check.That("  a b "u8.TrimStart((byte)' ').SequenceEqual("a b "u8));
        Check.That("\t a\n"u8.Trim(" \t\n"u8).SequenceEqual("a"u8));
        Check.That("    "u8.Trim((byte)' ').IsEmpty);
    }

    private static void Sorting_orders_every_kind_of_input()
    {
        int[] lengths = [0, 1, 2, 3, 15, 16, 17, 100, 1000, 5000];
        foreach (int length in lengths)
        {
            for (int kind = 0; kind < 6; kind++)
            {
                int[] numbers = new int[length];
                uint random = 77;
                long sum = 0;
                for (int i = 0; i < length; i++)
                {
                    random = random * 1664525 + 1013904223; // Numerical Recipes' generator
                    numbers[i] = kind switch
                    {
                        0 => (int)random,
                        1 => i,
                        2 => -i,
                        3 => 5,
                        4 => (int)(random >> 30),
                        _ => (i & 1) == 0 ? i : length - i,
                    };
                    sum += numbers[i];
                }

                int[] reversed = (int[])numbers.Clone();
                Array.Sort(numbers);
                reversed.AsSpan().Sort(static (left, right) => right.CompareTo(left));
                for (int i = 0; i < length; i++)
                {
                    sum -= numbers[i];
                    Check.That(i == 0 || numbers[i - 1] <= numbers[i]);
                    Check.Equal(numbers[i], reversed[length - 1 - i]);
                }

                Check.Equal(0L, sum);
            }
        }
    }

    private static void Binary_search_finds_or_says_where()
    {
        int[] numbers = [2, 4, 6, 8, 10];
        for (int value = 1; value <= 11; value++)
        {
            int expected = value % 2 == 0 ? value / 2 - 1 : ~(value / 2);
            Check.Equal(expected, Array.BinarySearch(numbers, value));
            Check.Equal(expected, new ReadOnlySpan<int>(numbers).BinarySearch(value));
        }

        Check.Equal(~0, Array.BinarySearch(Array.Empty<int>(), 5));
        Check.Equal(3, Array.BinarySearch(numbers, 2, 3, 8));
    }

    private static void Memory_remembers_a_part_of_an_array()
    {
        int[] numbers = [0, 1, 2, 3, 4, 5];
        Memory<int> memory = numbers.AsMemory(1, 4);
        ReadOnlyMemory<int> part = memory.Slice(1, 2);
        memory.Span[1] = 20;
        Check.Equal(20, numbers[2]);
        Check.Equal(20, part.Span[0]);
        Check.Equal(2, part.Length);
        Check.That(part.ToArray() is [20, 3]);
        Check.That(Memory<int>.Empty.IsEmpty);
    }

    private static void Plain_structs_are_bytes_and_back()
    {
        Span<byte> bytes = stackalloc byte[20];
        Header header = new() { Kind = 0x1234, Length = 0x89AB_CDEF, Offset = -2 };
        MemoryMarshal.Write(bytes, in header);
        Check.Equal((byte)0x34, bytes[0]);
        Check.Equal(0x89AB_CDEFu, MemoryMarshal.Read<Header>(bytes).Length);
        Check.Equal(-2L, MemoryMarshal.Read<long>(bytes[8..]));
        Check.That(!MemoryMarshal.TryRead(bytes[..15], out Header _));
        Check.That(!MemoryMarshal.TryWrite(bytes[5..], in header));
        Span<ushort> words = MemoryMarshal.Cast<byte, ushort>(bytes[..7]);
        Check.Equal(3, words.Length);
        words[1] = 0xFFFF;
        Check.Equal((byte)0xFF, bytes[2]);
        Check.Equal(8, MemoryMarshal.AsBytes(new[] { 1, 2 }.AsSpan()).Length);
    }

    private static void Array_operations_do_what_they_say()
    {
        int[] numbers = [3, 1, 2];
        Array.Resize(ref numbers, 5);
        Check.That(numbers is [3, 1, 2, 0, 0]);
        Array.Copy(numbers, 0, numbers, 2, 3);
        Check.That(numbers is [3, 1, 3, 1, 2]);
        Array.Reverse(numbers, 1, 3);
        Check.That(numbers is [3, 1, 3, 1, 2]);
        Check.Equal(2, Array.IndexOf(numbers, 3, 1));
        Check.Equal(3, Array.LastIndexOf(numbers, 1));
        Array.Fill(numbers, 9, 1, 2);
        Check.That(numbers is [3, 9, 9, 1, 2]);
        Array.Clear(numbers, 3, 2);
        Check.That(numbers is [3, 9, 9, 0, 0]);
        Check.Equal(1, Array.FindIndex(numbers, static number => number == 9));
        object[] objects = new object[3];
        Array.Copy(new[] { "x", "y" }, objects, 2);
        Check.That(objects is ["x", "y", null]);
    }

    private struct Header
    {
        internal ushort Kind;
        internal uint Length;
        internal long Offset;
    }
}
