using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>What gettimeofday(2) fills with zeros.</summary>
/// <source>gettimeofday(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Timezone
{
    public int tz_minuteswest;
    public int tz_dsttime;
}
