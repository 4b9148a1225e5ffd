using System;

namespace Cashew.Memory;

/// <summary>What msync(2) is to do.</summary>
[Flags]
public enum SyncFlags
{
    /// <summary>MS_ASYNC: nothing but the checks; the device gets the pages in time anyway.</summary>
    None = 0,

    /// <summary>MS_SYNC: return when they are there.</summary>
    Wait = 1,

    /// <summary>MS_INVALIDATE: other mappings of the file are always up to date, so only the check
    /// remains.</summary>
    Invalidate = 2,
}
