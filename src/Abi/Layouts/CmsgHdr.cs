using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The head of a control message.</summary>
/// <source>cmsg(3)</source>
[StructLayout(LayoutKind.Sequential)]
public struct CmsgHdr
{
    public ulong cmsg_len;
    public int cmsg_level;
    public int cmsg_type;
}
