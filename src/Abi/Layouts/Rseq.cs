using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A restartable sequence's area in a thread's memory.</summary>
/// <source>linux/rseq.h</source>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct Rseq
{
    public uint cpu_id_start;
    public uint cpu_id;
    public ulong rseq_cs;
    public uint flags;
}
