namespace System;

public class OutOfMemoryException : Exception
{
    public OutOfMemoryException()
    {
    }

    public OutOfMemoryException(string? message)
        : base(message)
    {
    }
}
