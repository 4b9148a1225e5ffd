using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A message queue: struct msqid64_ds.</summary>
/// <source>msgctl(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct MsqidDs
{
    public IpcPerm msg_perm;
    public long msg_stime;
    public long msg_rtime;
    public long msg_ctime;
    public ulong __msg_cbytes;
    public ulong msg_qnum;
    public ulong msg_qbytes;
    public int msg_lspid;
    public int msg_lrpid;
    public ulong __unused4;
    public ulong __unused5;
}
