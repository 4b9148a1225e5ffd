namespace Cashew.Memory;

/// <summary>What a page fault came to.</summary>
public enum FaultResult
{
    /// <summary>Try the instruction again.</summary>
    Handled,

    /// <summary>Nothing is mapped there: SIGSEGV, SEGV_MAPERR.</summary>
    BadAddress,

    /// <summary>The mapping does not allow it: SIGSEGV, SEGV_ACCERR.</summary>
    BadAccess,

    /// <summary>Past the end of the file, or the file cannot be read: SIGBUS, BUS_ADRERR.</summary>
    BusError,

    /// <summary>No frame, and no cache had one to give.</summary>
    OutOfMemory,
}
