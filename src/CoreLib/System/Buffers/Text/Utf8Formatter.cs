namespace System.Buffers.Text;

/// <summary>Numbers as text. Formats: the default, D, G, X and x, with an optional width.</summary>
public static class Utf8Formatter
{
    public static bool TryFormat(
        bool value, Span<byte> destination, out int bytesWritten, StandardFormat format = default)
    {
        ReadOnlySpan<byte> text = format.Symbol == 'l'
            ? (value ? "true"u8 : "false"u8)
            : (value ? "True"u8 : "False"u8);
        bool fits = text.TryCopyTo(destination);
        bytesWritten = fits ? text.Length : 0;
        return fits;
    }

    public static bool TryFormat(
        byte value, Span<byte> destination, out int bytesWritten, StandardFormat format = default) =>
        Format((ulong)value, destination, out bytesWritten, format);

    public static bool TryFormat(
        sbyte value, Span<byte> destination, out int bytesWritten, StandardFormat format = default) =>
        Format(value, (byte)value, destination, out bytesWritten, format);

    public static bool TryFormat(
        short value, Span<byte> destination, out int bytesWritten, StandardFormat format = default) =>
        Format(value, (ushort)value, destination, out bytesWritten, format);

    public static bool TryFormat(
        ushort value, Span<byte> destination, out int bytesWritten, StandardFormat format = default) =>
        Format((ulong)value, destination, out bytesWritten, format);

    public static bool TryFormat(
        int value, Span<byte> destination, out int bytesWritten, StandardFormat format = default) =>
        Format(value, (uint)value, destination, out bytesWritten, format);

    public static bool TryFormat(
        uint value, Span<byte> destination, out int bytesWritten, StandardFormat format = default) =>
        Format((ulong)value, destination, out bytesWritten, format);

    public static bool TryFormat(
        long value, Span<byte> destination, out int bytesWritten, StandardFormat format = default) =>
        Format(value, (ulong)value, destination, out bytesWritten, format);

    public static bool TryFormat(
        ulong value, Span<byte> destination, out int bytesWritten, StandardFormat format = default) =>
        Format(value, destination, out bytesWritten, format);

    private static bool Format(
        ulong value, Span<byte> destination, out int bytesWritten, StandardFormat format) =>
        Number.TryFormat(
            false,
            value,
            value,
            destination,
            out bytesWritten,
            format.Symbol,
            format.HasPrecision ? format.Precision : 0);

    private static bool Format(
        long value, ulong bits, Span<byte> destination, out int bytesWritten, StandardFormat format) =>
        Number.TryFormat(
            value < 0,
            Number.Magnitude(value),
            bits,
            destination,
            out bytesWritten,
            format.Symbol,
            format.HasPrecision ? format.Precision : 0);
}
