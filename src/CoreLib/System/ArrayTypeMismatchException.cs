namespace System;

public class ArrayTypeMismatchException : Exception
{
    public ArrayTypeMismatchException()
    {
    }

    public ArrayTypeMismatchException(string? message)
        : base(message)
    {
    }
}
