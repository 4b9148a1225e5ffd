namespace Cashew.Memory;

/// <summary>What a page cache knows about one page.</summary>
internal enum PageState : byte
{
    Absent,

    /// <summary>As the filler gave it: can be dropped and had again.</summary>
    Clean,

    /// <summary>Written, or never had another home.</summary>
    Dirty,

    /// <summary>The filler's own frame, never written: the first write replaces it by a copy.</summary>
    Lent,
}
