namespace System;

/// <summary>Integers to text: one routine behind TryFormat, Utf8Formatter and ToString.</summary>
internal static class Number
{
    /// <summary>The sign and twenty digits: 64 bits in decimal.</summary>
    internal const int LongestDecimal = 21;

    /// <summary>
    /// Formats as .NET's standard formats D, G, X and x, with an optional width of at most  99.
    /// </summary>
    internal static bool TryFormat(
        ulong value, Span<byte> destination, out int bytesWritten, ReadOnlySpan<char> format)
    {
        ParseFormat(format, out char symbol, out int width);
        return TryFormat(false, value, value, destination, out bytesWritten, symbol, width);
    }

    /// <param name="bits">The value in its own width without sign extension, for hexadecimal.</param>
    internal static bool TryFormat(
        long value, ulong bits, Span<byte> destination, out int bytesWritten, ReadOnlySpan<char> format)
    {
        ParseFormat(format, out char symbol, out int width);
        return TryFormat(value < 0, Magnitude(value), bits, destination, out bytesWritten, symbol, width);
    }

    internal static bool TryFormat(
        bool isNegative,
        ulong magnitude,
        ulong bits,
        Span<byte> destination,
        out int bytesWritten,
        char symbol,
        int width)
    {
        switch (symbol)
        {
            case '\0' or 'D' or 'd':
                return TryFormatDecimal(isNegative, magnitude, width, destination, out bytesWritten);
            case 'G' or 'g' when width == 0:
                return TryFormatDecimal(isNegative, magnitude, 0, destination, out bytesWritten);
            case 'X':
                return TryFormatHex(bits, width, 'A' - 10, destination, out bytesWritten);
            case 'x':
                return TryFormatHex(bits, width, 'a' - 10, destination, out bytesWritten);
            default:
                ThrowHelper.Format();
                bytesWritten = 0;
                return false;
        }
    }

    internal static ulong Magnitude(long value) => value < 0 ? 0 - (ulong)value : (ulong)value;

    internal static string ToString(long value)
    {
        Span<byte> text = stackalloc byte[LongestDecimal];
        TryFormatDecimal(value < 0, Magnitude(value), 0, text, out int length);
        return string.CreateFromAscii(text.Slice(0, length));
    }

    internal static string ToString(ulong value)
    {
        Span<byte> text = stackalloc byte[LongestDecimal];
        TryFormatDecimal(false, value, 0, text, out int length);
        return string.CreateFromAscii(text.Slice(0, length));
    }

    private static bool TryFormatDecimal(
        bool isNegative, ulong magnitude, int width, Span<byte> destination, out int bytesWritten)
    {
        int digits = Math.Max(CountDigits(magnitude), width);
        int length = digits + (isNegative ? 1 : 0);
        if (length > destination.Length)
        {
            bytesWritten = 0;
            return false;
        }

        for (int i = length - 1; i >= length - digits; i--)
        {
            ulong quotient = magnitude / 10;
            destination[i] = (byte)('0' + (int)(magnitude - quotient * 10));
            magnitude = quotient;
        }

        if (isNegative)
        {
            destination[0] = (byte)'-';
        }

        bytesWritten = length;
        return true;
    }

    private static bool TryFormatHex(
        ulong bits, int width, int letterBase, Span<byte> destination, out int bytesWritten)
    {
        int length = Math.Max((Numerics.BitOperations.Log2(bits) >> 2) + 1, width);
        if (length > destination.Length)
        {
            bytesWritten = 0;
            return false;
        }

        for (int i = length - 1; i >= 0; i--)
        {
            int digit = (int)(bits & 15);
            destination[i] = (byte)(digit < 10 ? '0' + digit : letterBase + digit);
            bits >>= 4;
        }

        bytesWritten = length;
        return true;
    }

    private static int CountDigits(ulong value)
    {
        int count = 1;
        while (value >= 10)
        {
            value /= 10;
            count++;
        }

        return count;
    }

    private static void ParseFormat(ReadOnlySpan<char> format, out char symbol, out int width)
    {
        width = 0;
        symbol = format.IsEmpty ? '\0' : format[0];
        if (format.Length > 3)
        {
            ThrowHelper.Format();
        }

        for (int i = 1; i < format.Length; i++)
        {
            if (!char.IsAsciiDigit(format[i]))
            {
                ThrowHelper.Format();
            }

            width = width * 10 + (format[i] - '0');
        }
    }
}
