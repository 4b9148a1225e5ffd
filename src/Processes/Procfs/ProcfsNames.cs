using System;

namespace Cashew.Processes;

/// <summary>Names of entries in /proc.</summary>
internal static class ProcfsNames
{
    private const int LongestNumber = 10;

    /// <summary>Writes a number as a name; at most ten digits.</summary>
    internal static int Format(int number, Span<byte> destination)
    {
        Span<byte> digits = stackalloc byte[LongestNumber];
        int at = LongestNumber;
        do
        {
            digits[--at] = (byte)('0' + number % 10);
            number /= 10;
        }
        while (number > 0);

        digits[at..].CopyTo(destination);
        return LongestNumber - at;
    }

    /// <summary>A number as names of processes and descriptors are: no sign, and no zero in front.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> name, out int number)
    {
        number = 0;
        if (name.IsEmpty || name.Length >= LongestNumber) return false;
        if (name[0] == (byte)'0' && name.Length > 1) return false;
        foreach (byte digit in name)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            number = number * 10 + (digit - '0');
        }

        return true;
    }
}
