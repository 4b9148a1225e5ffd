namespace System;

public class ArithmeticException : Exception
{
    public ArithmeticException()
    {
    }

    public ArithmeticException(string? message)
        : base(message)
    {
    }
}
