using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Limits and use of message queues, IPC_INFO and MSG_INFO: struct msginfo.</summary>
/// <source>msgctl(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct MsgInfo
{
    public int msgpool;
    public int msgmap;
    public int msgmax;
    public int msgmnb;
    public int msgmni;
    public int msgssz;
    public int msgtql;
    public ushort msgseg;
}
