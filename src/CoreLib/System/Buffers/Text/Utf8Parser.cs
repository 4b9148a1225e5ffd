namespace System.Buffers.Text;

/// <summary>
/// Text as numbers: as many digits as there are, from the start of the source. Formats: decimal (the default,
/// D, G), and x or X. False when there is no number or it does not fit the type.
/// </summary>
public static class Utf8Parser
{
    public static bool TryParse(
        ReadOnlySpan<byte> source, out bool value, out int bytesConsumed, char standardFormat = '\0')
    {
        value = StartsWithLetters(source, "true"u8);
        bytesConsumed = value ? 4 : StartsWithLetters(source, "false"u8) ? 5 : 0;
        return bytesConsumed != 0;
    }

    public static bool TryParse(
        ReadOnlySpan<byte> source, out byte value, out int bytesConsumed, char standardFormat = '\0')
    {
        bool parsed =
            TryParseUnsigned(source, byte.MaxValue, out ulong wide, out bytesConsumed, standardFormat);
        value = (byte)wide;
        return parsed;
    }

    public static bool TryParse(
        ReadOnlySpan<byte> source, out sbyte value, out int bytesConsumed, char standardFormat = '\0')
    {
        bool parsed = TryParseSigned(
            source, sbyte.MinValue, sbyte.MaxValue, byte.MaxValue, out long wide, out bytesConsumed,
            standardFormat);
        value = (sbyte)wide;
        return parsed;
    }

    public static bool TryParse(
        ReadOnlySpan<byte> source, out short value, out int bytesConsumed, char standardFormat = '\0')
    {
        bool parsed = TryParseSigned(
            source, short.MinValue, short.MaxValue, ushort.MaxValue, out long wide, out bytesConsumed,
            standardFormat);
        value = (short)wide;
        return parsed;
    }

    public static bool TryParse(
        ReadOnlySpan<byte> source, out ushort value, out int bytesConsumed, char standardFormat = '\0')
    {
        bool parsed =
            TryParseUnsigned(source, ushort.MaxValue, out ulong wide, out bytesConsumed, standardFormat);
        value = (ushort)wide;
        return parsed;
    }

    public static bool TryParse(
        ReadOnlySpan<byte> source, out int value, out int bytesConsumed, char standardFormat = '\0')
    {
        bool parsed = TryParseSigned(
            source, int.MinValue, int.MaxValue, uint.MaxValue, out long wide, out bytesConsumed,
            standardFormat);
        value = (int)wide;
        return parsed;
    }

    public static bool TryParse(
        ReadOnlySpan<byte> source, out uint value, out int bytesConsumed, char standardFormat = '\0')
    {
        bool parsed =
            TryParseUnsigned(source, uint.MaxValue, out ulong wide, out bytesConsumed, standardFormat);
        value = (uint)wide;
        return parsed;
    }

    public static bool TryParse(
        ReadOnlySpan<byte> source, out long value, out int bytesConsumed, char standardFormat = '\0')
    {
        bool parsed = TryParseSigned(
            source, long.MinValue, long.MaxValue, ulong.MaxValue, out long wide, out bytesConsumed,
            standardFormat);
        value = wide;
        return parsed;
    }

    public static bool TryParse(
        ReadOnlySpan<byte> source, out ulong value, out int bytesConsumed, char standardFormat = '\0')
    {
        bool parsed =
            TryParseUnsigned(source, ulong.MaxValue, out ulong wide, out bytesConsumed, standardFormat);
        value = wide;
        return parsed;
    }

    private static bool TryParseSigned(
        ReadOnlySpan<byte> source,
        long min,
        long max,
        ulong maxBits,
        out long value,
        out int bytesConsumed,
        char standardFormat)
    {
        // Hexadecimal digits are the bits of the number, its sign included.
        if (IsHex(standardFormat))
        {
            bool parsed = TryParseDigits(source, 16, maxBits, out ulong bits, out bytesConsumed);
            value = (long)bits;
            return parsed;
        }

        int signLength = source.Length != 0 && source[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        bool isNegative = signLength != 0 && source[0] == (byte)'-';
        ulong limit = isNegative ? 0 - (ulong)min : (ulong)max;
        if (!TryParseDigits(source.Slice(signLength), 10, limit, out ulong magnitude, out bytesConsumed))
        {
            value = 0;
            return false;
        }

        value = isNegative ? (long)(0 - magnitude) : (long)magnitude;
        bytesConsumed += signLength;
        return true;
    }

    private static bool TryParseUnsigned(
        ReadOnlySpan<byte> source, ulong max, out ulong value, out int bytesConsumed, char standardFormat) =>
        TryParseDigits(source, IsHex(standardFormat) ? 16u : 10u, max, out value, out bytesConsumed);

    private static bool TryParseDigits(
        ReadOnlySpan<byte> source, uint radix, ulong max, out ulong value, out int bytesConsumed)
    {
        value = 0;
        bytesConsumed = 0;
        int length = 0;
        ulong sum = 0;
        for (; length < source.Length && Digit(source[length]) < radix; length++)
        {
            uint digit = Digit(source[length]);
            if (sum > (max - digit) / radix)
            {
                return false;
            }

            sum = sum * radix + digit;
        }

        value = sum;
        bytesConsumed = length;
        return length != 0;
    }

    /// <summary>A digit's value, or something large.</summary>
    private static uint Digit(byte character)
    {
        uint digit = (uint)character - '0';
        if (digit < 10)
        {
            return digit;
        }

        uint letter = ((uint)character | 0x20) - 'a';
        return letter < 26 ? letter + 10 : uint.MaxValue;
    }

    private static bool IsHex(char standardFormat)
    {
        switch (standardFormat)
        {
            case 'x' or 'X':
                return true;
            case '\0' or 'd' or 'D' or 'g' or 'G':
                return false;
            default:
                ThrowHelper.Format();
                return false;
        }
    }

    private static bool StartsWithLetters(ReadOnlySpan<byte> source, ReadOnlySpan<byte> lowerCase)
    {
        if (source.Length < lowerCase.Length)
        {
            return false;
        }

        for (int i = 0; i < lowerCase.Length; i++)
        {
            if ((source[i] | 0x20) != lowerCase[i])
            {
                return false;
            }
        }

        return true;
    }
}
