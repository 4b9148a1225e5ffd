namespace Internal.Runtime;

/// <summary>How a type parameter varies.</summary>
internal enum Variance : byte
{
    None = 0,
    Covariant = 1,
    Contravariant = 2,
    ArrayCovariant = 0x20,
}
