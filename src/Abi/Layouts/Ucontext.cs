using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The context a signal handler gets as its third argument.</summary>
/// <source>asm/ucontext.h, sigreturn(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Ucontext
{
    public ulong uc_flags;
    public ulong uc_link;
    public Sigaltstack uc_stack;
    public Sigcontext uc_mcontext;
    public ulong uc_sigmask;
}
