using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Times of a process in clock ticks.</summary>
/// <source>times(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Tms
{
    public long tms_utime;
    public long tms_stime;
    public long tms_cutime;
    public long tms_cstime;
}
