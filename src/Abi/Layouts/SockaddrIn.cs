using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>An IPv4 address and port, both in network order.</summary>
/// <source>ip(7)</source>
[StructLayout(LayoutKind.Sequential)]
public struct SockaddrIn
{
    public ushort sin_family;
    public ushort sin_port;
    public uint sin_addr;
    public Bytes8 sin_zero;
}
