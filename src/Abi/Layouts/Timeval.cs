using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Seconds and microseconds.</summary>
/// <source>timeval(3)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Timeval
{
    public long tv_sec;
    public long tv_usec;
}
