using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>32 capabilities.</summary>
/// <source>capget(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct CapData
{
    public uint effective;
    public uint permitted;
    public uint inheritable;
}
