namespace System;

/// <summary>The kernel compares strings by their code units only.</summary>
public enum StringComparison
{
    Ordinal = 4,
}
