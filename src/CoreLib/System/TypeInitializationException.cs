namespace System;

public class TypeInitializationException : Exception
{
    public TypeInitializationException()
    {
    }

    public TypeInitializationException(string? message)
        : base(message)
    {
    }
}
