namespace Cashew.Machine;

/// <summary>One entry of a page table, decoded.</summary>
public readonly struct PageEntry
{
    private readonly ulong _value;

    internal PageEntry(ulong value)
    {
        _value = value;
    }

    internal ulong Value => _value;

    /// <summary>There is a page here; with rights of None, one that the program cannot touch.</summary>
    public bool IsPresent => (_value & PageBits.Occupied) != 0;

    public Frame Frame => new((uint)((_value & PageBits.AddressMask) >> FrameTable.FrameShift));

    public PageRights Rights
    {
        get
        {
            if ((_value & PageBits.Present) == 0)
            {
                return PageRights.None;
            }

            PageRights rights = PageRights.Read;
            rights |= (_value & PageBits.Writable) != 0 ? PageRights.Write : 0;
            rights |= (_value & PageBits.NoExecute) == 0 ? PageRights.Execute : 0;
            return rights;
        }
    }

    /// <summary>Written through this entry since <see cref="PageCursor.ClearDirty"/>.</summary>
    public bool IsDirty => (_value & PageBits.Dirty) != 0;

    public bool IsAccessed => (_value & PageBits.Accessed) != 0;

    /// <summary>A part of a large page. The frame is the part's own.</summary>
    public bool IsBlock => (_value & PageBits.Large) != 0;

    /// <summary>Of a part of a large page: all of it.</summary>
    public FrameBlock Block => new(Frame.Number & ~(uint)(FrameBlock.FrameCount - 1));

    /// <summary>One bit that Memory may use as it likes.</summary>
    public bool HasMark => (_value & PageBits.Mark) != 0;

    internal static ulong Encode(Frame frame, PageRights rights, bool mark)
    {
        ulong value = frame.Physical | (rights == PageRights.None ? PageBits.Held : PageBits.Present | PageBits.User);
        value |= (rights & PageRights.Write) != 0 ? PageBits.Writable : 0;
        value |= (rights & PageRights.Execute) != 0 ? 0 : PageBits.NoExecute;
        value |= mark ? PageBits.Mark : 0;
        return value;
    }
}
