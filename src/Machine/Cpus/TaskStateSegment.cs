using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>Tells the processor which stacks to take on entry from user mode and for the exceptions that need
/// their own.</summary>
/// <source>Intel SDM volume 3, 8.7 (64-bit TSS).</source>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal unsafe struct TaskStateSegment
{
    private readonly uint _reserved0;
    internal ulong Rsp0;
    internal ulong Rsp1;
    internal ulong Rsp2;
    private readonly ulong _reserved1;
    internal fixed ulong InterruptStacks[7];
    private readonly ulong _reserved2;
    private readonly ushort _reserved3;
    internal ushort IoMapBase;
}
