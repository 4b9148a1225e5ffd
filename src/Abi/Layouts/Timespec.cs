using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Seconds and nanoseconds.</summary>
/// <source>timespec(3)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Timespec
{
    public long tv_sec;
    public long tv_nsec;
}
