using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>An IPv6 address and port in network order.</summary>
/// <source>ipv6(7)</source>
[StructLayout(LayoutKind.Sequential)]
public struct SockaddrIn6
{
    public ushort sin6_family;
    public ushort sin6_port;
    public uint sin6_flowinfo;
    public Bytes16 sin6_addr;
    public uint sin6_scope_id;
}
