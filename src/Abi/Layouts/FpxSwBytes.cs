using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>What the kernel writes into the spare bytes of a saved FXSAVE image.</summary>
/// <source>asm/sigcontext.h</source>
[StructLayout(LayoutKind.Sequential)]
public struct FpxSwBytes
{
    public uint magic1;
    public uint extended_size;
    public ulong xfeatures;
    public uint xstate_size;
    public UInts7 padding;
}
