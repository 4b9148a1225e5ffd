namespace Cashew.Tool.Support;

using System;

/// <summary>Something the user has to know; shown without a stack trace.</summary>
internal sealed class Failure : Exception
{
    internal Failure(string message, string details = "", int exitCode = 1) : base(message)
    {
        Details = details;
        ExitCode = exitCode;
    }

    /// <summary>What the failing tool itself said, shown below the message; may be empty.</summary>
    internal string Details { get; }

    internal int ExitCode { get; }
}
