using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>What the calls that hand out descriptors share.</summary>
internal static class Descriptors
{
    /// <summary>RLIMIT_NOFILE: one more than the greatest descriptor.</summary>
    internal static int Limit(UserThread caller) =>
        (int)ulong.Min(caller.Process.Limits.Soft(RlimitResource.RLIMIT_NOFILE), int.MaxValue);
}
