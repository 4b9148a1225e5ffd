using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Cashew.Machine;

/// <summary>A message put together on the stack; what does not fit is cut.</summary>
[InterpolatedStringHandler]
public ref struct LogMessage
{
    private const int CapacityBytes = 240;

    private Buffer _buffer;
    private int _length;

    public LogMessage(int literalLength, int formattedCount)
    {
    }

    [UnscopedRef]
    internal ReadOnlySpan<byte> Text => ((ReadOnlySpan<byte>)_buffer)[.._length];

    public void AppendLiteral(string text)
    {
        foreach (char value in text)
        {
            Append((byte)value);
        }
    }

    public void AppendFormatted(ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            Append(value);
        }
    }

    public void AppendFormatted(byte[] text) => AppendFormatted((ReadOnlySpan<byte>)text);

    public void AppendFormatted(string? text) => AppendLiteral(text ?? "null");

    public void AppendFormatted(bool value) => AppendLiteral(value ? "true" : "false");

    public void AppendFormatted(int value) => AppendLiteral(value.ToString());

    public void AppendFormatted(uint value) => AppendLiteral(value.ToString());

    public void AppendFormatted(ulong value) => AppendLiteral(value.ToString());

    public void AppendFormatted(long value) => AppendLiteral(value.ToString());

    public void AppendFormatted(UserAddress address) => AppendFormatted(address.Value, "x");

    public void AppendFormatted(ulong value, string format) => AppendLiteral($"0x{value:x}");

    public void AppendFormatted(uint value, string format) => AppendFormatted((ulong)value, format);

    public void AppendFormatted(int value, string format) => AppendFormatted((ulong)(uint)value, format);

    private void Append(byte value)
    {
        if (_length < CapacityBytes)
        {
            _buffer[_length++] = value;
        }
    }

    [InlineArray(CapacityBytes)]
    private struct Buffer
    {
        private byte _first;
    }
}
