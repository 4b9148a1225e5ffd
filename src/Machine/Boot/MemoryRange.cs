namespace Cashew.Machine;

/// <summary>A run of physical memory as the boot loader described it: [Start, End).</summary>
internal struct MemoryRange
{
    internal ulong Start;
    internal ulong End;
    internal bool IsUsable;
}
