using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>State of the clock discipline.</summary>
/// <source>adjtimex(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Timex
{
    public uint modes;
    public long offset;
    public long freq;
    public long maxerror;
    public long esterror;
    public int status;
    public long constant;
    public long precision;
    public long tolerance;
    public Timeval time;
    public long tick;
    public long ppsfreq;
    public long jitter;
    public int shift;
    public long stabil;
    public long jitcnt;
    public long calcnt;
    public long errcnt;
    public long stbcnt;
    public int tai;
    public Ints11 __reserved;
}
