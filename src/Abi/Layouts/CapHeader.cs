using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Whose capabilities, and in which version.</summary>
/// <source>capget(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct CapHeader
{
    public uint version;
    public int pid;
}
