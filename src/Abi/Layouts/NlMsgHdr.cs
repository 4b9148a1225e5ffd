using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The head of a netlink message.</summary>
/// <source>netlink(7)</source>
[StructLayout(LayoutKind.Sequential)]
public struct NlMsgHdr
{
    public uint nlmsg_len;
    public ushort nlmsg_type;
    public ushort nlmsg_flags;
    public uint nlmsg_seq;
    public uint nlmsg_pid;
}
