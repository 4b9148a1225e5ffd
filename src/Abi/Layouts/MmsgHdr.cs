using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>One of the messages of sendmmsg(2).</summary>
/// <source>sendmmsg(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct MmsgHdr
{
    public MsgHdr msg_hdr;
    public uint msg_len;
}
