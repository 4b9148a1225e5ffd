using System;

namespace Cashew.Files;

/// <summary>Text under construction, as bytes. What procfs and the mount tables are written with.</summary>
public sealed class ByteBuilder
{
    private const int InitialBytes = 256;
    private const int LongestNumber = 20;

    private byte[] _bytes;
    private int _lengthBytes;

    public ByteBuilder(int capacityBytes = InitialBytes)
    {
        _bytes = new byte[capacityBytes];
    }

    public int LengthBytes => _lengthBytes;
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _lengthBytes);

    public void Clear() => _lengthBytes = 0;

    public ByteBuilder Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Extend(text.Length));
        return this;
    }

    public ByteBuilder Append(byte value)
    {
        Extend(1)[0] = value;
        return this;
    }

    /// <summary>The low byte of each character; for names from the kernel's own tables, which are
    /// ASCII.</summary>
    public ByteBuilder AppendAscii(string text)
    {
        Span<byte> room = Extend(text.Length);
        for (int i = 0; i < text.Length; i++) room[i] = (byte)text[i];
        return this;
    }

    public ByteBuilder Append(long value, int width = 0)
    {
        if (value >= 0) return Append((ulong)value, width);

        Span<byte> digits = stackalloc byte[LongestNumber];
        int count = Digits(digits, (ulong)-value, 10);
        Pad(width - count - 1, (byte)' ');
        Append((byte)'-');
        return Append(digits[^count..]);
    }

    /// <summary>In decimal, right-aligned in <paramref name="width"/> columns.</summary>
    public ByteBuilder Append(ulong value, int width = 0) => Append(value, 10, width, (byte)' ');

    /// <summary>In decimal, with leading zeros.</summary>
    public ByteBuilder AppendPadded(ulong value, int width) => Append(value, 10, width, (byte)'0');

    /// <summary>In lower-case hexadecimal, with leading zeros.</summary>
    public ByteBuilder AppendHex(ulong value, int width = 0) => Append(value, 16, width, (byte)'0');

    /// <summary>In lower-case hexadecimal, right-aligned.</summary>
    public ByteBuilder AppendHexRight(ulong value, int width) => Append(value, 16, width, (byte)' ');

    /// <summary>Capital digits, and zeros in front.</summary>
    public ByteBuilder AppendPaddedHex(ulong value, int width)
    {
        for (int shift = 4 * (width - 1); shift >= 0; shift -= 4)
        {
            _ = Append("0123456789ABCDEF"u8[(int)(value >> shift & 15)]);
        }

        return this;
    }

    public ByteBuilder AppendOctal(ulong value, int width = 0) => Append(value, 8, width, (byte)'0');

    public ByteBuilder Pad(int count, byte filler)
    {
        if (count > 0) Extend(count).Fill(filler);
        return this;
    }

    public byte[] ToArray() => Written.ToArray();

    private ByteBuilder Append(ulong value, uint radix, int width, byte filler)
    {
        // The longest is octal: 22 digits.
        Span<byte> digits = stackalloc byte[LongestNumber + 2];
        int count = Digits(digits, value, radix);
        Pad(width - count, filler);
        return Append(digits[^count..]);
    }

    private static int Digits(Span<byte> buffer, ulong value, uint radix)
    {
        int at = buffer.Length;
        do
        {
            buffer[--at] = "0123456789abcdef"u8[(int)(value % radix)];
            value /= radix;
        }
        while (value != 0);
        return buffer.Length - at;
    }

    private Span<byte> Extend(int count)
    {
        int needed = _lengthBytes + count;
        if (needed > _bytes.Length) Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        Span<byte> room = _bytes.AsSpan(_lengthBytes, count);
        _lengthBytes = needed;
        return room;
    }
}
