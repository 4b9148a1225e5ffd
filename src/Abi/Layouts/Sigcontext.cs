using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The interrupted registers in a signal frame.</summary>
/// <source>asm/sigcontext.h</source>
[StructLayout(LayoutKind.Sequential)]
public struct Sigcontext
{
    public ulong r8;
    public ulong r9;
    public ulong r10;
    public ulong r11;
    public ulong r12;
    public ulong r13;
    public ulong r14;
    public ulong r15;
    public ulong rdi;
    public ulong rsi;
    public ulong rbp;
    public ulong rbx;
    public ulong rdx;
    public ulong rax;
    public ulong rcx;
    public ulong rsp;
    public ulong rip;
    public ulong eflags;
    public ushort cs;
    public ushort gs;
    public ushort fs;
    public ushort ss;
    public ulong err;
    public ulong trapno;
    public ulong oldmask;
    public ulong cr2;
    public ulong fpstate;
    public ULongs8 reserved1;
}
