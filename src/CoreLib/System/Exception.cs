namespace System;

/// <summary>
/// A kernel bug on its way to the report: nothing a user, a device or the network can cause is signaled by
/// one.
/// </summary>
public class Exception
{
    public Exception()
    {
    }

    public Exception(string? message)
    {
        Message = message;
    }

    public string? Message { get; }
}
