namespace System.Text;

/// <summary>
/// Present because the C# compiler gives every record struct a text form over it; the kernel itself writes
/// text into spans of bytes.
/// </summary>
public sealed class StringBuilder
{
    private char[] _text = new char[32];
    private int _length;

    public int Length => _length;

    public StringBuilder Append(char value)
    {
        Append(new ReadOnlySpan<char>(in value));
        return this;
    }

    public StringBuilder Append(string? value)
    {
        Append((ReadOnlySpan<char>)value);
        return this;
    }

    public StringBuilder Append(object? value) => Append(value?.ToString());

    public StringBuilder Append(ReadOnlySpan<char> value)
    {
        int needed = checked(_length + value.Length);
        if (needed > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(needed, 2 * _text.Length));
        }

        value.CopyTo(new Span<char>(_text, _length, value.Length));
        _length = needed;
        return this;
    }

    public override string ToString() => new(new ReadOnlySpan<char>(_text, 0, _length));
}
