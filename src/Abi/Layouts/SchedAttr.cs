using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A policy and its parameters.</summary>
/// <source>sched_setattr(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct SchedAttr
{
    public uint size;
    public uint sched_policy;
    public ulong sched_flags;
    public int sched_nice;
    public uint sched_priority;
    public ulong sched_runtime;
    public ulong sched_deadline;
    public ulong sched_period;
}
