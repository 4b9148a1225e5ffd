using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Attributes of a message queue; padded to 64 bytes.</summary>
/// <source>mq_getattr(3)</source>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct MqAttr
{
    public long mq_flags;
    public long mq_maxmsg;
    public long mq_msgsize;
    public long mq_curmsgs;
}
