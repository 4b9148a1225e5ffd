using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>What to do on a signal, in the layout of the system call (the C library's differs).</summary>
/// <source>rt_sigaction(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Sigaction
{
    public ulong handler;
    public ulong flags;
    public ulong restorer;
    public ulong mask;
}
