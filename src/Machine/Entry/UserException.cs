namespace Cashew.Machine;

/// <summary>A processor exception in user mode.</summary>
/// <source>Intel SDM volume 3, 6.15.</source>
public readonly struct UserException(
    ExceptionVector vector, ulong errorCode, UserAddress address, ulong debugStatus = 0)
{
    public ExceptionVector Vector { get; } = vector;

    public ulong ErrorCode { get; } = errorCode;

    /// <summary>Of the data for a page fault, of the instruction otherwise.</summary>
    public UserAddress Address { get; } = address;

    /// <summary>Of a debug exception: the bits of DR6 that say why, and no others.</summary>
    public ulong DebugStatus { get; } = debugStatus;
}
