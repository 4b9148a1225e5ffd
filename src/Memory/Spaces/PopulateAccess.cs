namespace Cashew.Memory;

/// <summary>How pages are brought in ahead of use.</summary>
internal enum PopulateAccess
{
    /// <summary>Private writable memory ready to be written, all else to be read; nothing where access is
    /// forbidden.</summary>
    AsMapped,
    Read,
    Write,
}
