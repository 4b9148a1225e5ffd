namespace Cashew.Machine;

/// <summary>What was tried when a page fault happened.</summary>
[System.Flags]
public enum FaultAccess : byte
{
    None = 0,
    Read = 1,
    Write = 2,
    Execute = 4,

    /// <summary>There was a page, but not with these rights.</summary>
    Present = 8,
}
