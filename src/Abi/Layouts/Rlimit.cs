using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A limit and how far it may be raised.</summary>
/// <source>getrlimit(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Rlimit
{
    public ulong rlim_cur;
    public ulong rlim_max;
}
