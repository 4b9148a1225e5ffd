using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The sixth argument of pselect6(2): a mask and its length.</summary>
/// <source>select(2), "C library/kernel differences"</source>
[StructLayout(LayoutKind.Sequential)]
public struct SigsetArgument
{
    public ulong ss;
    public ulong ss_len;
}
