using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Key, owner and permissions of a System V object: struct ipc64_perm.</summary>
/// <source>sysvipc(7)</source>
[StructLayout(LayoutKind.Sequential)]
public struct IpcPerm
{
    public int __key;
    public uint uid;
    public uint gid;
    public uint cuid;
    public uint cgid;
    public uint mode;
    public ushort __seq;
    public ushort __pad2;
    public ulong __unused1;
    public ulong __unused2;
}
