namespace Cashew.Memory;

/// <summary>What became of an attempt to enter a page into the tables.</summary>
internal enum InstallResult
{
    Installed,

    /// <summary>There is an entry already.</summary>
    Occupied,

    /// <summary>The mappings, the file or the entry have changed since they were looked at: look
    /// again.</summary>
    Stale,

    /// <summary>There is no frame for a page table.</summary>
    OutOfMemory,

    /// <summary>The page could not be had at all; the fault's result says why.</summary>
    Failed,
}
