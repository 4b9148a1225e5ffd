namespace System;

public class InvalidCastException : Exception
{
    public InvalidCastException()
    {
    }

    public InvalidCastException(string? message)
        : base(message)
    {
    }
}
