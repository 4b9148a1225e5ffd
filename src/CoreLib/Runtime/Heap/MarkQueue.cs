using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace Cashew.Runtime;

/// <summary>
/// Marked objects whose references are still to be followed: a stack of fixed size. What does not fit stays
/// marked, and its block is noted for a second look.
/// </summary>
internal unsafe struct MarkQueue
{
    private const int StackOrder = 5;
    private const int Capacity = (4096 << StackOrder) / sizeof(ulong);
    private const int StressCapacity = 4;

    private nint* _next;
    private nint* _limit;
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
        bool isShort = (Collector.Stress & CollectorStress.ShortMarkStack) != 0;
        _limit = _start + (isShort ? StressCapacity : Capacity);
        _bitmapOffset = Block.BitmapOffset;
        _isOverflowed = false;
    }

    /// <summary>
    /// Marks what a reference refers to, unless it is null, in the image, or marked already.
    /// </summary>
    internal void Mark(nint reference)
    {
        fixed (MarkQueue* self = &this)
        {
            self->_next = MarkRange(&reference, &reference + 1, self->_next, self);
        }
    }

    /// <summary>Marks what one object refers to, without marking the object.</summary>
    internal void Follow(nint address)
    {
        fixed (MarkQueue* self = &this)
        {
            self->_next = Follow(address, self->_next, self);
        }
    }

    /// <summary>Follows all references there are.</summary>
    internal void Drain()
    {
        fixed (MarkQueue* self = &this)
        {
            while (true)
            {
                nint* next = self->_next;
                while (next != self->_start)
                {
                    next--;
                    next = Follow(*next, next, self);
                }

                self->_next = next;
                if (!self->_isOverflowed)
                {
                    return;
                }

                self->_isOverflowed = false;
                BlockList.ForEach(&Collector.FollowUnscanned);
            }
        }
    }

    /// <summary>Follows the references of all marked objects of a block that was noted.</summary>
    internal void FollowUnscanned(Block* block)
    {
        if (!block->HasUnscanned)
        {
            return;
        }

        block->HasUnscanned = false;
        ulong* bits = Block.Bits(block);
        for (int word = 0; word < Block.BitmapWords; word++)
        {
            for (ulong rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                int unit = word * 64 + BitOperations.TrailingZeroCount(rest);
                nint address = (nint)block + (unit << HeapLayout.CellUnitShift) + HeapLayout.HeaderBytes;
                if ((*(MethodTable**)address)->HasPointers)
                {
                    Follow(address);
                }
            }
        }
    }

    // The next two are the collection. They are inlined into Drain, where all that they need is in registers:
    // 40 instructions for an object with one reference, against 94 as calls.

    /// <summary>
    /// Marks what an object refers to; returns the new top of the stack. See  <see cref="GcDescriptor"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint* Follow(nint address, nint* next, MarkQueue* self)
    {
        nint* descriptor = GcDescriptor.Of(address);
        nint count = *descriptor;
        if (count < 0)
        {
            return FollowElements(address, next, self);
        }

        byte* end = (byte*)address + HeapLayout.SizeBytesOf(address);
        do
        {
            next = MarkRange(
                (nint*)(address + descriptor[-1]),
                (nint*)(end + descriptor[-2] + descriptor[-1]),
                next,
                self);
            descriptor -= 2;
        }
        while (--count > 0);

        return next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint* MarkRange(nint* slot, nint* end, nint* next, MarkQueue* self)
    {
        for (; slot < end; slot++)
        {
            nint reference = *slot;
            if (!HeapLayout.IsInHeap(reference))
            {
                continue;
            }

            Debug.Assert(Roots.Find(reference) == reference, "a reference to what is no object");
            Block* block = Block.Of(reference);
            ulong* word = (ulong*)((byte*)block + self->_bitmapOffset)
                + ((nuint)(ushort)reference >> (HeapLayout.CellUnitShift + 6));
            ulong bits = *word;
            ulong bit = 1UL << (int)(reference >> HeapLayout.CellUnitShift);
            if ((bits & bit) != 0)
            {
                continue;
            }

            *word = bits | bit;
            if (!(*(MethodTable**)reference)->HasPointers)
            {
                continue;
            }

            if (next != self->_limit)
            {
                *next++ = reference;
            }
            else
            {
                block->HasUnscanned = true;
                self->_isOverflowed = true;
            }
        }

        return next;
    }

    private static nint* FollowElements(nint address, nint* next, MarkQueue* self)
    {
        nint* descriptor = GcDescriptor.Of(address);
        nint runCount = -*descriptor;
        byte* slot = (byte*)(address + descriptor[-1]);
        byte* end = (byte*)(address + (nint)HeapLayout.SizeBytesOf(address) - HeapLayout.HeaderBytes);
        GcDescriptor.ElementRun* runs = (GcDescriptor.ElementRun*)(descriptor - 2);
        while (slot < end)
        {
            for (nint i = 0; i < runCount; i++)
            {
                byte* runEnd = slot + (nint)runs[-i].ReferenceCount * sizeof(nint);
                next = MarkRange((nint*)slot, (nint*)runEnd, next, self);
                slot = runEnd + runs[-i].SkipBytes;
            }
        }

        return next;
    }
}
