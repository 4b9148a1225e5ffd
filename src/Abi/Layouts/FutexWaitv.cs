using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>One of the futexes to wait for.</summary>
/// <source>futex_waitv(2), linux/futex.h</source>
[StructLayout(LayoutKind.Sequential)]
public struct FutexWaitv
{
    public ulong val;
    public ulong uaddr;
    public uint flags;
    public uint reserved;
}
