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
            if (digit is < (byte)'0' or > (byte)'9' || value > (long.MaxValue - (digit - '0')) / 10)
                return false;
            value = value * 10 + (digit - '0');
        }

        if (isNegative) value = -value;
        return value >= least && value <= greatest;
    }

    /// <summary>As in C: 0x before a hexadecimal number, 0 before an octal one.</summary>
    internal static bool TryParseAnyBase(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        text = Trim(text);
        uint radix = 10;
        if (text.Length > 2 && text[0] == (byte)'0' && (text[1] | 0x20) == 'x')
        {
            radix = 16;
            text = text[2..];
        }
        else if (text.Length > 1 && text[0] == (byte)'0')
        {
            radix = 8;
            text = text[1..];
        }

        ulong sum = 0;
        foreach (byte letter in text)
        {
            uint digit = Digit(letter);
            if (digit >= radix) return false;
            sum = sum * radix + digit;
            if (sum > uint.MaxValue) return false;
        }

        value = (uint)sum;
        return !text.IsEmpty;
    }

    private static uint Digit(byte letter) => letter switch
    {
        >= (byte)'0' and <= (byte)'9' => (uint)(letter - '0'),
        >= (byte)'a' and <= (byte)'f' => (uint)(letter - 'a' + 10),
        >= (byte)'A' and <= (byte)'F' => (uint)(letter - 'A' + 10),
        _ => uint.MaxValue,
    };

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && IsBlank(text[0])) text = text[1..];
        while (!text.IsEmpty && (IsBlank(text[^1]) || text[^1] == 0)) text = text[..^1];
        return text;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n';
}
