namespace Cashew.Memory;

/// <summary>The resource limits that concern memory, in bytes; the owner of the process sets them.</summary>
/// <source>getrlimit(2)</source>
public struct SpaceLimits
{
    /// <summary>RLIM_INFINITY.</summary>
    public const ulong Unlimited = ulong.MaxValue;

    /// <summary>RLIMIT_AS.</summary>
    public ulong AddressSpaceBytes;

    /// <summary>RLIMIT_DATA.</summary>
    public ulong DataBytes;

    /// <summary>RLIMIT_STACK.</summary>
    public ulong StackBytes;

    /// <summary>RLIMIT_MEMLOCK.</summary>
    public ulong LockedBytes;

    internal static SpaceLimits None => new()
    {
        AddressSpaceBytes = Unlimited,
        DataBytes = Unlimited,
        StackBytes = Unlimited,
        LockedBytes = Unlimited,
    };
}
