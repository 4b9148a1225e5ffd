using System;

namespace Cashew.Files.Compression;

/// <summary>One prefix code of a deflate block.</summary>
/// <remarks>Codes of up to <see cref="FastBits"/> bits, that is nearly all that occur, are found by one look
/// into a table; longer ones bit by bit.</remarks>
/// <source>RFC 1951, section 3.2.2.</source>
internal sealed class HuffmanCode(int maxSymbols)
{
    private const int MaxBits = 15;
    private const int FastBits = 10;
    private const int LengthBits = 4;

    internal const int Invalid = -1;

    // Symbol and length of the code that the next bits begin with; zero when it is longer or none.
    private readonly ushort[] _fast = new ushort[1 << FastBits];

    // Symbols in the order of their codes, and how many codes there are of each length.
    private readonly ushort[] _symbols = new ushort[maxSymbols];
    private readonly ushort[] _counts = new ushort[MaxBits + 1];

    /// <summary>Makes the code that has these lengths; zero for symbols that do not occur.</summary>
    /// <returns>False: no prefix code has them, or one that leaves bits without a meaning.</returns>
    internal bool TryBuild(ReadOnlySpan<byte> lengths) => Build(lengths, out int left) && left == 0;

    /// <summary>Also accepts one code of one bit, or none at all, as encoders write when there are few
    /// distances.</summary>
    /// <source>RFC 1951, section 3.2.7.</source>
    internal bool TryBuildSparse(ReadOnlySpan<byte> lengths)
    {
        if (!Build(lengths, out int left)) return false;
        int codes = lengths.Length - lengths.Count((byte)0);
        return left == 0 || codes == 0 || (codes == 1 && _counts[1] == 1);
    }

    private bool Build(ReadOnlySpan<byte> lengths, out int left)
    {
        Array.Clear(_counts);
        foreach (byte length in lengths) _counts[length]++;
        _counts[0] = 0;

        left = 1;
        for (int length = 1; length <= MaxBits; length++)
        {
            left = (left << 1) - _counts[length];
            if (left < 0) return false;
        }

        Sort(lengths);
        FillFast();
        return true;
    }

    /// <summary>The symbol whose code the bits begin with, the first to be read in the lowest
    /// place.</summary>
    /// <param name="available">How many of the bits are real.</param>
    /// <param name="length">How many belong to the code.</param>
    internal int Decode(ulong bits, int available, out int length)
    {
        uint entry = _fast[(int)(bits & ((1 << FastBits) - 1))];
        length = (int)(entry & ((1 << LengthBits) - 1));
        if (length == 0) return DecodeSlowly(bits, available, out length);
        return length <= available ? (int)(entry >> LengthBits) : Invalid;
    }

    private int DecodeSlowly(ulong bits, int available, out int length)
    {
        int code = 0;
        int first = 0;
        int index = 0;
        for (length = 1; length <= MaxBits && length <= available; length++)
        {
            code |= (int)(bits & 1);
            bits >>= 1;
            int count = _counts[length];
            if (code - count < first) return _symbols[index + (code - first)];
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        return Invalid;
    }

    private void Sort(ReadOnlySpan<byte> lengths)
    {
        Span<int> next = stackalloc int[MaxBits + 2];
        next.Clear();
        for (int length = 1; length <= MaxBits; length++) next[length + 1] = next[length] + _counts[length];
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] != 0) _symbols[next[lengths[symbol]]++] = (ushort)symbol;
        }
    }

    private void FillFast()
    {
        Array.Clear(_fast);
        int code = 0;
        int index = 0;
        for (int length = 1; length <= FastBits; length++)
        {
            for (int i = 0; i < _counts[length]; i++)
            {
                ushort entry = (ushort)((_symbols[index++] << LengthBits) | length);
                int step = 1 << length;
                for (int at = Reverse(code, length); at < _fast.Length; at += step) _fast[at] = entry;
                code++;
            }

            code <<= 1;
        }
    }

    // Codes are written from their highest bit on, everything else from the lowest.
    private static int Reverse(int code, int length)
    {
        int reversed = 0;
        for (int i = 0; i < length; i++) reversed |= ((code >> i) & 1) << (length - 1 - i);
        return reversed;
    }
}
