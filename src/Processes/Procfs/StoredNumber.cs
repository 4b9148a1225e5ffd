using System;

namespace Cashew.Processes;

/// <summary>A number that was written to a file of /proc.</summary>
internal static class StoredNumber
{
    /// <summary>Decimal, with a sign or not, blanks around it allowed, within bounds.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, long least, long greatest, out long value)
    {
        value = 0;
        text = Trim(text);
        bool isNegative = !text.IsEmpty && text[0] == (byte)'-';
        if (isNegative || (!text.IsEmpty && text[0] == (byte)'+')) text = text[1..];
        if (text.IsEmpty) return false;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9' || value > (long.MaxValue - 9) / 10) return false;
            value = value * 10 + (digit - '0');
        }

        if (isNegative) value = -value;
        return value >= least && value <= greatest;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && IsBlank(text[0])) text = text[1..];
        while (!text.IsEmpty && (IsBlank(text[^1]) || text[^1] == 0)) text = text[..^1];
        return text;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n';
}
