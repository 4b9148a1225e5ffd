using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>What the memory calls have in common.</summary>
internal static class MemoryArguments
{
    /// <summary>READ_IMPLIES_EXEC of personality(2) makes everything readable executable, too.</summary>
    internal static PageRights Rights(int protection, UserThread caller)
    {
        PageRights rights = (PageRights)(protection & (ProtBits.PROT_READ | ProtBits.PROT_WRITE | ProtBits.PROT_EXEC));
        bool implies = (caller.Personality & PersonalityBits.READ_IMPLIES_EXEC) != 0;
        return implies && (rights & PageRights.Read) != 0 ? rights | PageRights.Execute : rights;
    }

    /// <summary>What the caller's capabilities lift.</summary>
    internal static MapFlags Permission(UserThread caller)
    {
        MapFlags flags = MapFlags.None;
        if (caller.Credentials.Has(Capability.CAP_IPC_LOCK)) flags |= MapFlags.AllowLocking;
        if (caller.Credentials.Has(Capability.CAP_SYS_RAWIO)) flags |= MapFlags.AllowLowest;
        return flags;
    }
}
