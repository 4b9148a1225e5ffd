namespace Cashew.Memory;

/// <summary>Which pages of a range go away.</summary>
internal enum ClearScope
{
    All,

    /// <summary>Those that still belong to the file; copies made for a private mapping stay (hole
    /// punching).</summary>
    BackedOnly,

    /// <summary>All, of a space that no processor will use again: there is nothing to flush.</summary>
    Exit,
}
