using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Who is at the other end.</summary>
/// <source>unix(7)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Ucred
{
    public int pid;
    public uint uid;
    public uint gid;
}
