using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The extensible argument of clone3(2).</summary>
/// <source>clone(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct CloneArgs
{
    public ulong flags;
    public ulong pidfd;
    public ulong child_tid;
    public ulong parent_tid;
    public ulong exit_signal;
    public ulong stack;
    public ulong stack_size;
    public ulong tls;
    public ulong set_tid;
    public ulong set_tid_size;
    public ulong cgroup;
}
