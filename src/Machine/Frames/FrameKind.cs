namespace Cashew.Machine;

/// <summary>Who owns a frame. Only Data frames can be looked into from outside Machine.</summary>
internal enum FrameKind : byte
{
    /// <summary>On a free list, or not RAM at all: zero, so that a cleared table needs no further marking at
    /// boot.</summary>
    Free,

    /// <summary>User pages, page cache, buffers.</summary>
    Data,
    PageTable,
    KernelStack,

    /// <summary>The collected heap.</summary>
    Heap,

    /// <summary>The kernel image and the frame table: never freed.</summary>
    Kernel,
}
