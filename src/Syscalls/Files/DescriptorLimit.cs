using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>RLIMIT_NOFILE: one more than the highest descriptor.</summary>
/// <source>getrlimit(2)</source>
internal static class DescriptorLimit
{
    internal static int Of(UserThread caller) =>
        (int)ulong.Min(caller.Process.Limits.Soft(RlimitResource.RLIMIT_NOFILE), int.MaxValue);
}
