namespace Cashew.Tool.Support;

/// <summary>
/// Exit codes of the command line itself, in timeout(1)'s manner; others are the guest program's.
/// </summary>
internal static class ExitCodes
{
    internal const int Success = 0;
    internal const int Failed = 1;
    internal const int TimedOut = 124;

    /// <summary>The machine died, or never said how the program ended.</summary>
    internal const int MachineFailed = 125;

    /// <summary>Plus the number of the signal that ended us.</summary>
    internal const int Signaled = 128;
}
