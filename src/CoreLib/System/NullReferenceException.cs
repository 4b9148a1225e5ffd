namespace System;

public class NullReferenceException : Exception
{
    public NullReferenceException()
    {
    }

    public NullReferenceException(string? message)
        : base(message)
    {
    }
}
