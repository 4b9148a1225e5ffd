using System;
using System.Runtime.CompilerServices;

namespace Cashew.Machine;

/// <summary>
/// A message put together on the stack: <c>Log.Info($"pid {pid} killed")</c> writes its pieces straight into
/// this buffer and allocates nothing. What does not fit is cut.
/// </summary>
[InterpolatedStringHandler]
public unsafe ref struct LogMessage
{
    private const int CapacityBytes = 240;

    private Buffer _buffer;
    private int _length;

    public LogMessage(int literalLength, int formattedCount)
    {
        _length = 0;
    }

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    internal ReadOnlySpan<byte> Text => new(Unsafe.AsPointer(ref _buffer.First), _length);

    public void AppendLiteral(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            Append((byte)text[i]);
        }
    }

    public void AppendFormatted(scoped ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            Append(value);
        }
    }

    public void AppendFormatted(byte[] text) => AppendFormatted((ReadOnlySpan<byte>)text);

    public void AppendFormatted(string? text) => AppendLiteral(text ?? "null");

    public void AppendFormatted(bool value) => AppendLiteral(value ? "true" : "false");

    public void AppendFormatted(int value) => AppendFormatted((long)value);

    public void AppendFormatted(uint value) => AppendUnsigned(value);

    public void AppendFormatted(ulong value) => AppendUnsigned(value);

    public void AppendFormatted(long value)
    {
        if (value < 0)
        {
            Append((byte)'-');
            AppendUnsigned(unchecked(0 - (ulong)value));
        }
        else
        {
            AppendUnsigned((ulong)value);
        }
    }

    public void AppendFormatted(UserAddress address) => AppendHexadecimal(address.Value);

    /// <summary>Any format means hexadecimal: <c>{value:x}</c>.</summary>
    public void AppendFormatted(ulong value, string format) => AppendHexadecimal(value);

    /// <summary>Any format means hexadecimal: <c>{value:x}</c>.</summary>
    public void AppendFormatted(uint value, string format) => AppendHexadecimal(value);

    /// <summary>Any format means hexadecimal: <c>{value:x}</c>.</summary>
    public void AppendFormatted(int value, string format) => AppendHexadecimal((uint)value);

    internal void AppendPadded(long value, int width, byte padding)
    {
        long limit = 1;
        for (int i = 1; i < width; i++)
        {
            limit *= 10;
        }

        for (; limit > 1 && value < limit; limit /= 10)
        {
            Append(padding);
        }

        AppendFormatted(value);
    }

    private void AppendUnsigned(ulong value)
    {
        const int MaximumDigits = 20;
        Span<byte> digits = stackalloc byte[MaximumDigits];
        int at = MaximumDigits;
        do
        {
            digits[--at] = (byte)('0' + value % 10);
            value /= 10;
        }
        while (value != 0);
        AppendFormatted(digits[at..]);
    }

    private void AppendHexadecimal(ulong value)
    {
        AppendLiteral("0x");
        int shift = 60;
        while (shift > 0 && (value >> shift) == 0)
        {
            shift -= 4;
        }

        for (; shift >= 0; shift -= 4)
        {
            Append("0123456789abcdef"u8[(int)(value >> shift) & 15]);
        }
    }

    private void Append(byte value)
    {
        if (_length < CapacityBytes)
        {
            Unsafe.Add(ref _buffer.First, _length++) = value;
        }
    }

    [InlineArray(CapacityBytes)]
    private struct Buffer
    {
        internal byte First;
    }
}
