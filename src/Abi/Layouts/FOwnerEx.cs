using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Whom SIGIO goes to.</summary>
/// <source>fcntl(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct FOwnerEx
{
    public int type;
    public int pid;
}
