namespace System;

/// <summary>The type exists because the compiler knows it; the kernel uses no floating point.</summary>
public readonly struct Double
{
    private readonly double m_value;
}
