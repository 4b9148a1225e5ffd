using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The extensible argument of openat2(2).</summary>
/// <source>openat2(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct OpenHow
{
    public ulong flags;
    public ulong mode;
    public ulong resolve;
}
