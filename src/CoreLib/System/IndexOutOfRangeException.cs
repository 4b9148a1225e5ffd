namespace System;

public class IndexOutOfRangeException : Exception
{
    public IndexOutOfRangeException()
    {
    }

    public IndexOutOfRangeException(string? message)
        : base(message)
    {
    }
}
