namespace Cashew.Machine;

/// <summary>One entry of a page table.</summary>
public readonly struct PageEntry
{
    internal PageEntry(Frame frame, PageRights rights, bool mark)
    {
        IsPresent = true;
        Frame = frame;
        // As on the processor: a page that can be touched at all can be read.
        Rights = rights == PageRights.None ? rights : rights | PageRights.Read;
        HasMark = mark;
    }

    /// <summary>There is a page here; with rights of None, one that the program cannot touch.</summary>
    public bool IsPresent { get; }

    public Frame Frame { get; }

    public PageRights Rights { get; }

    public bool IsDirty { get; internal init; }

    public bool IsAccessed { get; internal init; }

    public bool HasMark { get; }

    public bool IsBlock => false;

    public FrameBlock Block => default;

    internal PageEntry WithRights(PageRights rights) =>
        new(Frame, rights, HasMark) { IsDirty = IsDirty, IsAccessed = IsAccessed };

    internal PageEntry WithNotes(bool isAccessed, bool isDirty) =>
        new(Frame, Rights, HasMark) { IsDirty = isDirty, IsAccessed = isAccessed };
}
