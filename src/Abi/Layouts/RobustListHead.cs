using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The futexes that a dying thread lets go.</summary>
/// <source>get_robust_list(2), linux/futex.h</source>
[StructLayout(LayoutKind.Sequential)]
public struct RobustListHead
{
    public ulong list;
    public long futex_offset;
    public ulong list_op_pending;
}
