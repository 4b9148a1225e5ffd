using System.Runtime.CompilerServices;

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

    public Frame Frame
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)] // 3 instructions; the call that the compiler makes of it is 8
        get => new((uint)((_value & PageBits.AddressMask) >> FrameTable.FrameShift));
    }

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

    /// <remarks>
    /// A page is entered because it is about to be used, and what is marked counts as dirty anyway: with the
    /// bits set here the processor does not have to write them into the table.
    /// </remarks>
    internal static ulong Encode(Frame frame, PageRights rights, bool mark)
    {
        const ulong Usable = PageBits.Present | PageBits.User | PageBits.Accessed;
        ulong value = frame.Physical | (rights == PageRights.None ? PageBits.Held : Usable);
        if ((rights & PageRights.Write) != 0)
        {
            value |= mark ? PageBits.Writable | PageBits.Dirty : PageBits.Writable;
        }

        value |= (rights & PageRights.Execute) != 0 ? 0 : PageBits.NoExecute;
        value |= mark ? PageBits.Mark : 0;
        return value;
    }
}
