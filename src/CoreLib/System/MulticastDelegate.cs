namespace System;

/// <summary>Every delegate; the kernel's have one target each, so there is no Combine.</summary>
public abstract class MulticastDelegate : Delegate
{
}
