using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Numerics;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>Numbers as text, as bytes and as bits. Every expectation holds on stock .NET, too.</summary>
internal static class NumberTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(nameof(Numbers_are_written_in_decimal), Numbers_are_written_in_decimal));
        tests.Add(new(nameof(Numbers_are_written_in_hexadecimal), Numbers_are_written_in_hexadecimal));
        tests.Add(new(
            nameof(A_number_that_does_not_fit_writes_nothing),
            A_number_that_does_not_fit_writes_nothing));
        tests.Add(new(
            nameof(Numbers_are_read_up_to_the_first_other_byte),
            Numbers_are_read_up_to_the_first_other_byte));
        tests.Add(new(nameof(Numbers_out_of_range_are_not_read), Numbers_out_of_range_are_not_read));
        tests.Add(new(nameof(What_is_written_is_read_back), What_is_written_is_read_back));
        tests.Add(new(nameof(Bytes_are_put_in_either_order), Bytes_are_put_in_either_order));
        tests.Add(new(nameof(Bits_are_counted_and_found), Bits_are_counted_and_found));
        tests.Add(new(nameof(Powers_of_two_are_found), Powers_of_two_are_found));
        tests.Add(new(nameof(Products_of_64_bits_have_128), Products_of_64_bits_have_128));
        tests.Add(new(nameof(Math_knows_its_limits), Math_knows_its_limits));
        tests.Add(new(nameof(Letters_and_digits_are_told_apart), Letters_and_digits_are_told_apart));
    }

    private static void Numbers_are_written_in_decimal()
    {
        Check.Equal("0", 0.ToString());
        Check.Equal("-2147483648", int.MinValue.ToString());
        Check.Equal("-9223372036854775808", long.MinValue.ToString());
        Check.Equal("18446744073709551615", ulong.MaxValue.ToString());
        Check.Equal("255", byte.MaxValue.ToString());
        Check.Equal("00042", Format(42, new StandardFormat('D', 5)));
        Check.Equal("-00042", Format(-42, new StandardFormat('D', 5)));
        Check.Equal("123456", Format(123456, new StandardFormat('D', 2)));
        Span<byte> text = stackalloc byte[30];
        Check.That(1234567890123456789.TryFormat(text, out int length, default, null));
        Check.That(text[..length].SequenceEqual("1234567890123456789"u8));
        Check.That((-7).TryFormat(text, out length, "D3"));
        Check.That(text[..length].SequenceEqual("-007"u8));
    }

    private static void Numbers_are_written_in_hexadecimal()
    {
        Check.Equal("ff", Format(255, 'x'));
        Check.Equal("FF", Format(255, 'X'));
        Check.Equal("ffffffff", Format(-1, 'x'));
        Check.Equal("0000BEEF", Format(0xBEEF, new StandardFormat('X', 8)));
        Check.Equal("0", Format(0, 'x'));
        Span<byte> text = stackalloc byte[30];
        Check.That(((sbyte)-1).TryFormat(text, out int length, "x"));
        Check.That(text[..length].SequenceEqual("ff"u8));
        Check.That(0xFEDC_BA98_7654_3210.TryFormat(text, out length, "x"));
        Check.That(text[..length].SequenceEqual("fedcba9876543210"u8));
        Check.That(5.TryFormat(text, out length, "x04"));
        Check.That(text[..length].SequenceEqual("0005"u8));
        Check.That(Utf8Formatter.TryFormat(true, text, out length));
        Check.That(text[..length].SequenceEqual("True"u8));
    }

    private static void A_number_that_does_not_fit_writes_nothing()
    {
        Span<byte> text = stackalloc byte[3];
        text.Fill(7);
        Check.That(!1234.TryFormat(text, out int length));
        Check.Equal(0, length);
        Check.That(!(-123).TryFormat(text, out length));
        Check.That(!0x1234.TryFormat(text, out length, "x"));
        Check.That(123.TryFormat(text, out length) && length == 3);
    }

    private static void Numbers_are_read_up_to_the_first_other_byte()
    {
        Check.That(Utf8Parser.TryParse("123abc"u8, out int value, out int used) && value == 123 && used == 3);
        Check.That(Utf8Parser.TryParse("-5 "u8, out value, out used) && value == -5 && used == 2);
        Check.That(Utf8Parser.TryParse("+5"u8, out value, out used) && value == 5 && used == 2);
        Check.That(Utf8Parser.TryParse("00012"u8, out value, out used) && value == 12 && used == 5);
        Check.That(Utf8Parser.TryParse("7fG"u8, out uint hex, out used, 'x') && hex == 0x7F && used == 2);
        Check.That(Utf8Parser.TryParse("FFFFFFFF"u8, out value, out used, 'X') && value == -1 && used == 8);
        Check.That(Utf8Parser.TryParse("true!"u8, out bool flag, out used) && flag && used == 4);
        Check.That(!Utf8Parser.TryParse(""u8, out value, out _));
        Check.That(!Utf8Parser.TryParse("-"u8, out value, out _));
        Check.That(!Utf8Parser.TryParse(" 1"u8, out value, out _));
        Check.That(!Utf8Parser.TryParse("x"u8, out hex, out _));
    }

    private static void Numbers_out_of_range_are_not_read()
    {
        Check.That(Utf8Parser.TryParse("2147483647"u8, out int value, out _) && value == int.MaxValue);
        Check.That(Utf8Parser.TryParse("-2147483648"u8, out value, out _) && value == int.MinValue);
        Check.That(!Utf8Parser.TryParse("2147483648"u8, out value, out _));
        Check.That(!Utf8Parser.TryParse("-2147483649"u8, out value, out _));
        Check.That(Utf8Parser.TryParse("18446744073709551615"u8, out ulong wide, out _)
            && wide == ulong.MaxValue);
        Check.That(!Utf8Parser.TryParse("18446744073709551616"u8, out wide, out _));
        Check.That(!Utf8Parser.TryParse("99999999999999999999999"u8, out wide, out _));
        Check.That(!Utf8Parser.TryParse("1FFFFFFFF"u8, out uint hex, out _, 'x') && hex == 0);
        Check.That(!Utf8Parser.TryParse("256"u8, out byte small, out _) && small == 0);
        Check.That(!Utf8Parser.TryParse("-1"u8, out small, out _));
        Check.That(Utf8Parser.TryParse("-128"u8, out sbyte tiny, out _) && tiny == sbyte.MinValue);
    }

    private static void What_is_written_is_read_back()
    {
        Span<byte> text = stackalloc byte[32];
        ulong random = 88172645463325252;
        for (int i = 0; i < 2000; i++)
        {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            long value = (long)(random >> (i & 63));
            value = (i & 1) == 0 ? value : -value;
            Check.That(value.TryFormat(text, out int length));
            Check.That(Utf8Parser.TryParse(text[..length], out long back, out int used));
            Check.That(back == value && used == length);
            Check.That(value.TryFormat(text, out length, "x"));
            Check.That(Utf8Parser.TryParse(text[..length], out back, out used, 'x'));
            Check.That(back == value && used == length);
        }
    }

    private static void Bytes_are_put_in_either_order()
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, 0x0102_0304);
        Check.That(bytes[..4] is [1, 2, 3, 4]);
        Check.Equal(0x0403_0201u, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        Check.Equal((ushort)0x0203, BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]));
        BinaryPrimitives.WriteInt64BigEndian(bytes, -2);
        Check.That(bytes is [255, 255, 255, 255, 255, 255, 255, 254]);
        Check.Equal(-2L, BinaryPrimitives.ReadInt64BigEndian(bytes));
        BinaryPrimitives.WriteInt16LittleEndian(bytes, 0x1122);
        Check.That(bytes[..2] is [0x22, 0x11]);
        Check.Equal(0x1122_3344_5566_7788ul, BinaryPrimitives.ReverseEndianness(0x8877_6655_4433_2211ul));
        Check.Equal((short)0x3412, BinaryPrimitives.ReverseEndianness((short)0x1234));
        Check.That(!BinaryPrimitives.TryReadUInt64BigEndian(bytes[1..], out _));
        Check.That(BinaryPrimitives.TryWriteInt32BigEndian(bytes, 7) && bytes[3] == 7);
    }

    private static void Bits_are_counted_and_found()
    {
        for (int bit = 0; bit < 64; bit++)
        {
            ulong value = 1ul << Opaque.Number(bit);
            Check.Equal(bit, BitOperations.TrailingZeroCount(value));
            Check.Equal(63 - bit, BitOperations.LeadingZeroCount(value));
            Check.Equal(bit, BitOperations.Log2(value | 1));
            Check.Equal(bit + 1, BitOperations.PopCount(value | (value - 1)));
            Check.Equal(1ul << ((bit + 5) & 63), BitOperations.RotateLeft(value, 5));
            Check.Equal(1ul << ((bit - 5) & 63), BitOperations.RotateRight(value, 5));
            if (bit < 32)
            {
                Check.Equal(bit, BitOperations.TrailingZeroCount((uint)value));
                Check.Equal(31 - bit, BitOperations.LeadingZeroCount((uint)value));
                Check.Equal(bit, BitOperations.Log2((uint)value | 1));
                Check.Equal(bit, int.TrailingZeroCount((int)value));
            }
        }

        Check.Equal(64, BitOperations.TrailingZeroCount((ulong)Opaque.Number(0)));
        Check.Equal(64, BitOperations.LeadingZeroCount((ulong)Opaque.Number(0)));
        Check.Equal(32, BitOperations.TrailingZeroCount((uint)Opaque.Number(0)));
        Check.Equal(32, BitOperations.LeadingZeroCount((uint)Opaque.Number(0)));
        Check.Equal(0, BitOperations.Log2((uint)Opaque.Number(0)));
        Check.Equal((byte)8, byte.TrailingZeroCount(0));
        Check.Equal((byte)7, byte.LeadingZeroCount(1));
        Check.Equal((short)16, short.PopCount(-1));
        Check.Equal(64L, long.PopCount(-1));
    }

    private static void Powers_of_two_are_found()
    {
        uint[] values = [0, 1, 2, 3, 5, 1023, 1024, 1025, 0x8000_0000, 0x8000_0001];
        uint[] rounded = [0, 1, 2, 4, 8, 1024, 1024, 2048, 0x8000_0000, 0];
        for (int i = 0; i < values.Length; i++)
        {
            Check.Equal(rounded[i], BitOperations.RoundUpToPowerOf2(values[i]));
            Check.Equal(values[i] != 0 && rounded[i] == values[i], BitOperations.IsPow2(values[i]));
        }

        Check.Equal(1ul << 33, BitOperations.RoundUpToPowerOf2((1ul << 32) + 1));
        Check.Equal(0ul, BitOperations.RoundUpToPowerOf2(ulong.MaxValue));
        Check.That(!int.IsPow2(int.MinValue));
    }

    private static void Products_of_64_bits_have_128()
    {
        Check.Equal(0xFFFF_FFFF_FFFF_FFFEul, Math.BigMul(ulong.MaxValue, ulong.MaxValue, out ulong low));
        Check.Equal(1ul, low);
        Check.Equal(0x0121_FA00_AD77_D742ul,
            Math.BigMul(0x1234_5678_9ABC_DEF0ul, 0x0FED_CBA9_8765_4321ul << 0, out low));
        Check.Equal(-1L, Math.BigMul(-3L, 5L, out long signedLow));
        Check.Equal(-15L, signedLow);
        Check.Equal(0L, Math.BigMul(long.MinValue, 0L, out _));
        Check.Equal(1L << 62, Math.BigMul(long.MinValue, long.MinValue, out signedLow));
    }

    private static void Math_knows_its_limits()
    {
        Check.Equal(5, Math.Clamp(9, 1, 5));
        Check.Equal(-3L, Math.Min(-3L, 4L));
        Check.Equal((byte)200, Math.Max((byte)200, (byte)100));
        Check.Equal(7, Math.Abs(-7));
        Check.Equal((-3, -1), Math.DivRem(-7, 2));
        Check.Equal(-1, Math.Sign(-9L));
        Check.Equal(4L, Math.BigMul(2, 2));
        Check.Equal(-3, Math.DivRem(-7, 2, out int rest));
        Check.Equal(-1, rest);
    }

    private static void Letters_and_digits_are_told_apart()
    {
        int digits = 0;
        int letters = 0;
        int hexDigits = 0;
        for (int i = 0; i <= char.MaxValue; i++)
        {
            char c = (char)i;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            letters += char.IsAsciiLetter(c) ? 1 : 0;
            hexDigits += char.IsAsciiHexDigit(c) ? 1 : 0;
            Check.Equal(char.IsAsciiDigit(c) || char.IsAsciiLetter(c), char.IsAsciiLetterOrDigit(c));
        }

        Check.Equal(10, digits);
        Check.Equal(52, letters);
        Check.Equal(22, hexDigits);
    }

    private static string Format(int value, StandardFormat format)
    {
        Span<byte> bytes = stackalloc byte[40];
        Check.That(Utf8Formatter.TryFormat(value, bytes, out int length, format));
        Span<char> text = stackalloc char[length];
        for (int i = 0; i < length; i++)
        {
            text[i] = (char)bytes[i];
        }

        return new string(text);
    }
}
