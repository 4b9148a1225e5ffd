namespace System;

/// <summary>Stands in signatures only: the kernel's numbers know no culture.</summary>
public interface IFormatProvider
{
}
