namespace Cashew.Machine.Simulated;

/// <summary>What a frame of a simulated machine is used for.</summary>
public enum FrameKind : byte
{
    Free,
    Data,
    PageTable,
    KernelStack,

    /// <summary>Data that was in memory before the kernel.</summary>
    Reserved,
}
