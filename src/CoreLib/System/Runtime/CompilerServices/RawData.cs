namespace System.Runtime.CompilerServices;

/// <summary>An object seen from outside its type. Named by the compiler.</summary>
internal sealed class RawData
{
    internal byte Data;
}
