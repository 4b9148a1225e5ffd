namespace System;

public class FormatException : Exception
{
    public FormatException()
    {
    }

    public FormatException(string? message)
        : base(message)
    {
    }
}
