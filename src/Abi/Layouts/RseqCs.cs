using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Where a restartable sequence begins, ends, and goes on when it is aborted.</summary>
/// <source>linux/rseq.h</source>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct RseqCs
{
    public uint version;
    public uint flags;
    public ulong start_ip;
    public ulong post_commit_offset;
    public ulong abort_ip;
}
