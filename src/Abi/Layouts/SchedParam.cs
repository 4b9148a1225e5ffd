using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A real-time priority.</summary>
/// <source>sched_setparam(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct SchedParam
{
    public int sched_priority;
}
