using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Period and first expiry of a timer.</summary>
/// <source>timer_settime(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Itimerspec
{
    public Timespec it_interval;
    public Timespec it_value;
}
