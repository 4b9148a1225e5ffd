using Cashew.Abi;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Tells an address space of the limits that concern it.</summary>
/// <source>getrlimit(2): RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_MEMLOCK.</source>
public static class MemoryLimits
{
    public static void Apply(ResourceLimits limits, AddressSpace space)
    {
        space.Limits.AddressSpaceBytes = limits.Soft(RlimitResource.RLIMIT_AS);
        space.Limits.DataBytes = limits.Soft(RlimitResource.RLIMIT_DATA);
        space.Limits.StackBytes = limits.Soft(RlimitResource.RLIMIT_STACK);
        space.Limits.LockedBytes = limits.Soft(RlimitResource.RLIMIT_MEMLOCK);
    }
}
