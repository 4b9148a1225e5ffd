using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A message of sendmsg(2) and recvmsg(2).</summary>
/// <source>recvmsg(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct MsgHdr
{
    public ulong msg_name;
    public uint msg_namelen;
    public ulong msg_iov;
    public ulong msg_iovlen;
    public ulong msg_control;
    public ulong msg_controllen;
    public uint msg_flags;
}
