using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The name of a local socket.</summary>
/// <source>unix(7)</source>
[StructLayout(LayoutKind.Sequential)]
public struct SockaddrUn
{
    public ushort sun_family;
    public Bytes108 sun_path;
}
