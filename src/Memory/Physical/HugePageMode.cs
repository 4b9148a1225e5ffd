namespace Cashew.Memory;

/// <summary>Which memory gets large pages.</summary>
public enum HugePageMode
{
    /// <summary>Nobody has decided: always, when there is plenty of memory, else never.</summary>
    ByMemory,
    Always,

    /// <summary>Where a program advises it: MADV_HUGEPAGE.</summary>
    Advised,
    Never,
}
