namespace Cashew.Files.Terminals;

/// <summary>A step of echoing.</summary>
internal enum EchoKind : byte
{
    /// <summary>A byte that goes the way of all output.</summary>
    Processed,

    /// <summary>A byte that goes out as it is, and takes a column.</summary>
    Raw,

    /// <summary>The line being edited begins here on the screen.</summary>
    LineStart,

    /// <summary>The cursor is a column before where it was thought to be.</summary>
    MoveBack,

    /// <summary>A tab is taken back that follows so many columns (modulo a tab) of the line.</summary>
    EraseTab,

    /// <summary>The same, counted from another tab.</summary>
    EraseTabAfterTab,
}
