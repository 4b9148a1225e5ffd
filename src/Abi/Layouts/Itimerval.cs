using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Period and first expiry of an interval timer.</summary>
/// <source>getitimer(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Itimerval
{
    public Timeval it_interval;
    public Timeval it_value;
}
