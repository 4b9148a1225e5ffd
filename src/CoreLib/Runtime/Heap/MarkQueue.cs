using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace Cashew.Runtime;

/// <summary>
/// Marked objects whose references are still to be followed: a stack of fixed size. What does not fit stays
/// marked, and its block is noted for a second look. Large objects are followed piece by piece.
/// </summary>
/// <remarks>
/// Used with interrupts off: by the collector, in steps, while the other processors are stopped; and, in
/// between, by whoever stores a reference, under the mark lock.
/// </remarks>
internal unsafe struct MarkQueue
{
    private const int StackOrder = 5;
    private const int Capacity = (4096 << StackOrder) / sizeof(ulong);
    private const int StressCapacity = 4;
    private const int PieceBytes = 4096;

    // What one object counts for, in words looked at, beside the words that it has.
    private const int WorkForObject = 4;

    private nint* _next;
    private nint* _limit;
    private nint* _start;
    private nint _bitmapOffset;
    private long _work; // how many more words this step may look at
    private bool _isOverflowed;
    private bool _isSecondLookAtLarge;
    private int _secondWord;       // of the block's marks, in the second look
    private Block* _second;        // the block that the second look is at
    private Block* _large;         // large objects to be followed, linked by Next
    private nint _largePosition;   // how far the first of them is
    private RuntimeLock _lock;     // the mark lock

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
        _bitmapOffset = Block.MarkOffset;
        _isOverflowed = false;
        _second = null;
        _large = null;
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

    /// <summary>Marks what somebody has just stored a reference to.</summary>
    internal void Shade(nint reference)
    {
        Debug.Assert(Roots.Find(reference) == reference, "a stored reference to what is no object");
        Block* block = Block.Of(reference);
        if (!Block.TrySetMark(block, (uint)(reference - (nint)block)) || !(*(MethodTable**)reference)->HasPointers)
        {
            return;
        }

        _lock.Enter();
        if (_next != _limit)
        {
            *_next++ = reference;
        }
        else
        {
            block->HasUnscanned = true;
            _isOverflowed = true;
        }

        _lock.Exit();
    }

    /// <summary>Follows references as long as there is work allowed; true when none are left.</summary>
    internal bool TryDrain(ref long work)
    {
        fixed (MarkQueue* self = &this)
        {
            self->_work = work;
            while (DrainStack(self) && self->TryRefill())
            {
            }

            work = self->_work;
            return self->_next == self->_start && !self->HasMore;
        }
    }

    private readonly bool HasMore => _large != null || _second != null || _isOverflowed;

    /// <summary>Follows what is on the stack; false when the step is over.</summary>
    private static bool DrainStack(MarkQueue* self)
    {
        nint* next = self->_next;
        while (next != self->_start && self->_work > 0)
        {
            next--;
            next = Follow(*next, next, self);
        }

        self->_next = next;
        return self->_work > 0;
    }

    /// <summary>The stack is empty: follows a piece of what did not go there. False: there is no
    /// more.</summary>
    private bool TryRefill()
    {
        if (_large != null)
        {
            FollowLargePiece();
            return true;
        }

        if (_second == null)
        {
            if (!_isOverflowed)
            {
                return false;
            }

            // Blocks that come later are not in the list from here on; what is in them was never to be
            // followed.
            _isOverflowed = false;
            _isSecondLookAtLarge = false;
            _secondWord = 0;
            _second = BlockList.First;
        }

        LookAgain();
        return true;
    }

    /// <summary>Looks on for blocks with objects that the stack had no room for.</summary>
    private void LookAgain()
    {
        Block* block = _second;
        _work -= 2;
        if (block != null && _secondWord == 0 && !block->HasUnscanned)
        {
            _second = block->NextOfAll;
        }
        else if (block != null && _isSecondLookAtLarge)
        {
            block->HasUnscanned = false;
            FollowLater(block);
            _second = block->NextOfAll;
        }
        else if (block != null)
        {
            block->HasUnscanned &= _secondWord != 0;
            FollowMarked(block, _secondWord);
            _secondWord = (_secondWord + 1) % Block.BitmapWords;
            if (_secondWord == 0)
            {
                _second = block->NextOfAll;
            }
        }

        if (_second == null && !_isSecondLookAtLarge)
        {
            _isSecondLookAtLarge = true;
            _second = BlockList.FirstLarge;
        }
    }

    /// <summary>Follows the objects that one word of a block's marks stands for.</summary>
    private void FollowMarked(Block* block, int word)
    {
        for (ulong rest = Block.MarkBits(block)[word]; rest != 0; rest &= rest - 1)
        {
            int unit = word * 64 + BitOperations.TrailingZeroCount(rest);
            nint address = (nint)block + (unit << HeapLayout.CellUnitShift) + HeapLayout.HeaderBytes;

            // Free cells are marked, too, while marking is under way.
            if (HeapLayout.IsObject(address) && (*(MethodTable**)address)->HasPointers)
            {
                Follow(address);
            }
        }
    }

    /// <summary>Puts a large object in line to be followed.</summary>
    private void FollowLater(Block* block)
    {
        if (_large == null)
        {
            block->Next = null;
            _large = block;
            _largePosition = 0;
            return;
        }

        block->Next = _large->Next;
        _large->Next = block;
    }

    private void FollowLargePiece()
    {
        nint address = (nint)_large + Block.CellsOffset + HeapLayout.HeaderBytes;
        nint sizeBytes = (nint)HeapLayout.SizeBytesOf(address);
        nint* descriptor = GcDescriptor.Of(address);
        nint end = _largePosition + PieceBytes;
        _work -= PieceBytes / sizeof(nint);
        fixed (MarkQueue* self = &this)
        {
            if (*descriptor < 0)
            {
                byte* slot = (byte*)(address + descriptor[-1] + _largePosition);
                _next = FollowElements(address, ref slot, slot + PieceBytes, _next, self);
                end = (nint)slot - (address + descriptor[-1]);
            }
            else
            {
                _next = FollowWindow(address, _largePosition, end, _next, self);
            }
        }

        _largePosition = end;
        if (end >= sizeBytes - HeapLayout.HeaderBytes - (*descriptor < 0 ? descriptor[-1] : 0))
        {
            _large = _large->Next;
            _largePosition = 0;
        }
    }

    /// <summary>Marks what those references of an object refer to that lie in a part of it.</summary>
    private static nint* FollowWindow(nint address, nint from, nint to, nint* next, MarkQueue* self)
    {
        nint* descriptor = GcDescriptor.Of(address);
        nint sizeBytes = (nint)HeapLayout.SizeBytesOf(address);
        for (nint count = *descriptor; count > 0; count--, descriptor -= 2)
        {
            nint start = descriptor[-1] > from ? descriptor[-1] : from;
            nint end = sizeBytes + descriptor[-2] + descriptor[-1];
            next = MarkRange((nint*)(address + start), (nint*)(address + (end < to ? end : to)), next, self);
        }

        return next;
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
        nuint sizeBytes = HeapLayout.SizeBytesOf(address);
        self->_work -= (long)(sizeBytes / (nuint)sizeof(nint)) + WorkForObject;
        if (sizeBytes > SizeClasses.LargestCell || count < 0)
        {
            return FollowSpecial(address, sizeBytes, next, self);
        }

        byte* end = (byte*)address + sizeBytes;
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

    /// <summary>Large objects, and arrays of structs.</summary>
    private static nint* FollowSpecial(nint address, nuint sizeBytes, nint* next, MarkQueue* self)
    {
        if (sizeBytes > SizeClasses.LargestCell && HeapLayout.IsInHeap(address))
        {
            self->_work += (long)(sizeBytes / (nuint)sizeof(nint));
            self->FollowLater(Block.Of(address));
            return next;
        }

        if (*GcDescriptor.Of(address) > 0)
        {
            return FollowWindow(address, 0, (nint)sizeBytes, next, self);
        }

        byte* slot = (byte*)(address + GcDescriptor.Of(address)[-1]);
        return FollowElements(address, ref slot, slot + sizeBytes, next, self);
    }

    /// <summary>Marks what the elements of an array of structs refer to, from one that begins at the slot up
    /// to the first that begins at the limit or beyond.</summary>
    private static nint* FollowElements(nint address, ref byte* slot, byte* limit, nint* next, MarkQueue* self)
    {
        nint* descriptor = GcDescriptor.Of(address);
        nint runCount = -*descriptor;
        byte* end = (byte*)(address + (nint)HeapLayout.SizeBytesOf(address) - HeapLayout.HeaderBytes);
        GcDescriptor.ElementRun* runs = (GcDescriptor.ElementRun*)(descriptor - 2);
        while (slot < end && slot < limit)
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
