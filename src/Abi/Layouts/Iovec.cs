using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A piece of a program's memory.</summary>
/// <source>iovec(3)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Iovec
{
    public ulong iov_base;
    public ulong iov_len;
}
