using System.Runtime.InteropServices;
using Cashew.Runtime;

namespace Cashew.Machine;

/// <summary>What belongs to one processor. GS points here in the kernel; Layout.h names the offsets that
/// entry code uses.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CpuBlock
{
    internal const int MaximumCpus = 64;
    internal const int RankWords = 4;

    /// <summary>CPU_SELF: its own address.</summary>
    internal CpuBlock* Self;

    /// <summary>CPU_USER_RSP: scratch for system-call entry.</summary>
    internal ulong UserRsp;

    /// <summary>CPU_STACK_TOP: where system calls of the current thread start.</summary>
    internal ulong StackTop;

    /// <summary>CPU_ATTENTION: nonzero when something must be looked at before going back to user
    /// mode.</summary>
    internal uint Attention;

    /// <summary>CPU_ID.</summary>
    internal int Id;

    /// <summary>CPU_HEAP: what this processor allocates objects from.</summary>
    internal AllocationContext* Heap;
    internal TaskStateSegment* Tss;
    internal uint ApicId;

    /// <summary>Nested interrupt handlers under way.</summary>
    internal int InterruptDepth;

    /// <summary>The page table that CR3 holds, as the physical address of its root.</summary>
    internal ulong ActiveRoot;

    /// <summary>Ranks of the spin locks held, one bit each; debug builds only.</summary>
    internal fixed ulong HeldRanks[RankWords];

    internal int CachedFrameCount;
    internal fixed uint CachedFrames[64];

    internal static CpuBlock* Current => Instructions.CurrentCpu();
}
