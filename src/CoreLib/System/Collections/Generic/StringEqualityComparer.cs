namespace System.Collections.Generic;

/// <summary>Named by the compiler.</summary>
public sealed class StringEqualityComparer : EqualityComparer<string>
{
    public override bool Equals(string? x, string? y) => string.Equals(x, y);

    public override int GetHashCode(string obj) => obj is null ? 0 : obj.GetHashCode();
}
