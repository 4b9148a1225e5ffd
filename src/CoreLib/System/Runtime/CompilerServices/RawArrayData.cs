namespace System.Runtime.CompilerServices;

/// <summary>An array seen from outside its element type.</summary>
internal sealed class RawArrayData
{
    internal uint Length;
    internal uint Padding;
    internal byte Data;
}
