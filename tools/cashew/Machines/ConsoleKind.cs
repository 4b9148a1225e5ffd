namespace Cashew.Tool.Machines;

/// <summary>Where the guest's first serial line goes.</summary>
internal enum ConsoleKind
{
    /// <summary>The user's terminal, both ways; Ctrl-A X leaves.</summary>
    Terminal,

    /// <summary>Our standard output; nothing comes in.</summary>
    Output,

    /// <summary>A log file.</summary>
    File,
}
