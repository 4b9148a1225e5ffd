namespace System;

/// <summary>The type exists because the compiler knows it; the kernel uses no floating point.</summary>
public readonly struct Single
{
    private readonly float m_value;
}
