using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The FXSAVE image of a signal frame.</summary>
/// <source>asm/sigcontext.h, Intel SDM volume 1, section 10.5.1</source>
[StructLayout(LayoutKind.Sequential)]
public struct Fpstate
{
    public ushort cwd;
    public ushort swd;
    public ushort twd;
    public ushort fop;
    public ulong rip;
    public ulong rdp;
    public uint mxcsr;
    public uint mxcsr_mask;
    public UInts32 st_space;
    public UInts64 xmm_space;
    public UInts12 reserved2;
    public FpxSwBytes sw_reserved;
}
