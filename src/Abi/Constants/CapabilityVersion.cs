namespace Cashew.Abi;

/// <summary>Versions of the capget(2) header.</summary>
/// <source>capget(2)</source>
public static class CapabilityVersion
{
    public const uint _LINUX_CAPABILITY_VERSION_1 = 0x19980330;
    public const uint _LINUX_CAPABILITY_VERSION_2 = 0x20071026;
    public const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;
}
