using System;

namespace Cashew.Files;

/// <summary>Numbers in text that comes from outside.</summary>
internal static class NumberText
{
    /// <summary>Digits of a base up to 16 and nothing else, without a sign, up to
    /// <see cref="long.MaxValue"/>.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, int radix, out long value)
    {
        value = 0;
        foreach (byte digit in text)
        {
            int number = DigitValue(digit);
            if (number >= radix || value > (long.MaxValue - number) / radix) return false;
            value = value * radix + number;
        }

        return !text.IsEmpty;
    }

    private static int DigitValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => int.MaxValue,
    };
}
