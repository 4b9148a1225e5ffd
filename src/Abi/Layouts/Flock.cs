using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A record lock.</summary>
/// <source>fcntl(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Flock
{
    public short l_type;
    public short l_whence;
    public long l_start;
    public long l_len;
    public int l_pid;
}
