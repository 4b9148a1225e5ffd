using Internal.Runtime;

namespace Cashew.Runtime;

/// <summary>
/// Marked objects whose references are still to be followed: a stack of fixed size. What does not fit stays marked, and
/// its block is noted for a second look.
/// </summary>
internal unsafe struct MarkQueue
{
    private const int StackOrder = 5;
    private const int Capacity = (4096 << StackOrder) / sizeof(ulong);
    private const int StressCapacity = 4;

    private nint* _next;
    private nint* _end;
    private nint* _start;
    private nint _bitmapOffset;
    private bool _isOverflowed;

    internal void Initialize()
    {
        _start = (nint*)RuntimeHooks.AllocateFrames(StackOrder);
        if (_start == null)
        {
            RuntimeHooks.Fatal("no memory for the collector's stack");
        }
    }

    internal void Begin()
    {
        _next = _start;
        _end = _start + ((Collector.Stress & CollectorStress.ShortMarkStack) != 0 ? StressCapacity : Capacity);
        _bitmapOffset = Block.BitmapOffset;
        _isOverflowed = false;
    }

    /// <summary>Marks what a reference refers to, unless it is null, in the image, or marked already.</summary>
    internal void Mark(nint reference)
    {
        if (!HeapLayout.IsInHeap(reference))
        {
            return;
        }

        Block* block = Block.Of(reference);
        ulong* word = (ulong*)((byte*)block + _bitmapOffset
            + (((nuint)reference & HeapLayout.GranuleMask) >> (HeapLayout.CellUnitShift + 6)) * sizeof(ulong));
        ulong bit = 1UL << (int)(reference >> HeapLayout.CellUnitShift);
        if ((*word & bit) != 0)
        {
            return;
        }

        *word |= bit;
        block->MarkedCount++;
        if (!(*(MethodTable**)reference)->HasPointers)
        {
            return;
        }

        if (_next == _end)
        {
            block->HasUnscanned = true;
            _isOverflowed = true;
            return;
        }

        *_next++ = reference;
    }

    /// <summary>Follows all references there are.</summary>
    internal void Drain()
    {
        fixed (MarkQueue* self = &this)
        {
            while (true)
            {
                while (self->_next != self->_start)
                {
                    GcDescriptor.Visit(*--self->_next, self);
                }

                if (!self->_isOverflowed)
                {
                    return;
                }

                self->_isOverflowed = false;
                BlockList.ForEach(&Collector.ScanAgain);
            }
        }
    }

    /// <summary>Follows the references of all marked objects of a block that was noted.</summary>
    internal void ScanAgain(Block* block)
    {
        if (!block->HasUnscanned)
        {
            return;
        }

        block->HasUnscanned = false;
        ulong* bits = Block.Bits(block);
        fixed (MarkQueue* self = &this)
        {
            for (int word = 0; word < Block.BitmapWords; word++)
            {
                for (ulong rest = bits[word]; rest != 0; rest &= rest - 1)
                {
                    int unit = word * 64 + System.Numerics.BitOperations.TrailingZeroCount(rest);
                    nint address = (nint)block + (unit << HeapLayout.CellUnitShift) + HeapLayout.HeaderBytes;
                    if ((*(MethodTable**)address)->HasPointers)
                    {
                        GcDescriptor.Visit(address, self);
                    }
                }
            }
        }
    }
}
