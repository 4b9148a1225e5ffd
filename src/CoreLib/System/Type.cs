namespace System;

/// <summary>Named in attributes only: there is no reflection in the kernel.</summary>
public abstract class Type
{
    public static Type GetTypeFromHandle(RuntimeTypeHandle handle) => throw new NotSupportedException();
}
