using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A netlink address.</summary>
/// <source>netlink(7)</source>
[StructLayout(LayoutKind.Sequential)]
public struct SockaddrNetlink
{
    public ushort nl_family;
    public ushort nl_pad;
    public uint nl_pid;
    public uint nl_groups;
}
