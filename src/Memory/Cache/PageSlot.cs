using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>Where a page lies in a <see cref="PageTree"/>; good while the tree's lock is held.</summary>
internal readonly ref struct PageSlot
{
    private readonly PageLeaf _leaf;
    private readonly int _slot;

    internal PageSlot(PageLeaf leaf, int slot)
    {
        _leaf = leaf;
        _slot = slot;
    }

    internal Frame Frame => _leaf[_slot];

    internal PageState State => _leaf.StateOf(_slot);

    internal void Set(Frame frame, PageState state) => _leaf.Set(_slot, frame, state);
}
