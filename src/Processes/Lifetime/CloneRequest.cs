using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The arguments of clone(2), clone3(2), fork(2) and vfork(2), in one shape.</summary>
public struct CloneRequest
{
    /// <summary>CLONE_*, without the signal in the low byte.</summary>
    public ulong Flags;

    /// <summary>What the parent is sent when the child ends.</summary>
    public int ExitSignal;

    /// <summary>The child's stack pointer; null to go on with the caller's.</summary>
    public UserAddress StackPointer;

    public UserAddress ParentTid;

    /// <summary>Where the descriptor of CLONE_PIDFD goes.</summary>
    public UserAddress DescriptorAddress;

    /// <summary>The id the child is to have; 0 for any.</summary>
    public int WantedId;

    /// <summary>RLIMIT_NOFILE, for CLONE_PIDFD.</summary>
    internal readonly int DescriptorLimit(Process process) =>
        (int)ulong.Min(process.Limits.Soft(RlimitResource.RLIMIT_NOFILE), int.MaxValue);

    /// <summary>The control group that the child begins in; null for the caller's.</summary>
    public Cgroup? Group;

    public UserAddress ChildTid;
    public ulong ThreadPointer;

    public readonly bool Has(ulong flag) => (Flags & flag) != 0;
}
