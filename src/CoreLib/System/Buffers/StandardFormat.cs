namespace System.Buffers;

/// <summary>A format such as X8: a letter and a width.</summary>
public readonly struct StandardFormat : IEquatable<StandardFormat>
{
    public const byte NoPrecision = 255;
    public const byte MaxPrecision = 99;

    public StandardFormat(char symbol, byte precision = NoPrecision)
    {
        if (precision > MaxPrecision && precision != NoPrecision)
        {
            ThrowHelper.ArgumentOutOfRange();
        }

        Symbol = symbol;
        // Stored so that the default value has no precision.
        _storedPrecision = (byte)(precision + 1);
    }

    private readonly byte _storedPrecision;

    public char Symbol { get; }

    public byte Precision => (byte)(_storedPrecision - 1);

    public bool HasPrecision => _storedPrecision != 0;

    public bool IsDefault => Symbol == '\0' && !HasPrecision;

    public static implicit operator StandardFormat(char symbol) => new(symbol);

    public bool Equals(StandardFormat other) =>
        Symbol == other.Symbol && _storedPrecision == other._storedPrecision;

    public override bool Equals(object? other) => other is StandardFormat format && Equals(format);

    public override int GetHashCode() => Symbol << 8 | _storedPrecision;
}
