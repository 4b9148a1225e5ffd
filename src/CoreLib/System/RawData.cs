namespace System;

/// <summary>An object seen from outside its type.</summary>
internal sealed class RawData
{
    internal byte Data;
}
