namespace Cashew.Machine.Simulated;

/// <summary>One table of 512 entries; above the last level they refer to tables, there to pages.</summary>
internal sealed class PageTableNode
{
    internal const int EntryCount = 512;

    internal PageTableNode(uint frame, bool isLeaf)
    {
        FrameNumber = frame;
        Children = isLeaf ? null : new PageTableNode?[EntryCount];
        Entries = isLeaf ? new PageEntry[EntryCount] : null;
    }

    /// <summary>The frame it takes, so that tests see memory run out and leaks of tables.</summary>
    internal uint FrameNumber { get; }

    internal PageTableNode?[]? Children { get; }

    internal PageEntry[]? Entries { get; }
}
