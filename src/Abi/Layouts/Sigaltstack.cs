using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The alternate signal stack.</summary>
/// <source>sigaltstack(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Sigaltstack
{
    public ulong ss_sp;
    public int ss_flags;
    public ulong ss_size;
}
