using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A time in <see cref="Statx"/>.</summary>
/// <source>statx(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct StatxTimestamp
{
    public long tv_sec;
    public uint tv_nsec;
    public int __reserved;
}
