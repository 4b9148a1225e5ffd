using System.Threading;

namespace Cashew.Machine;

/// <summary>
/// 512 frames in a row, aligned, that large page-table entries map as one page of 2 MiB. A handle without
/// ownership: each such entry holds a reference to the block, and the block one to each of its frames. So a
/// block is shared after fork at the price of one counter, and still falls apart into frames that are counted
/// as any other.
/// </summary>
/// <safety>As of <see cref="Frame"/>: only frames of kind Data are handed out.</safety>
public readonly unsafe struct FrameBlock
{
    public const int Order = 9;
    public const int FrameCount = 1 << Order;
    public const int SizeBytes = FrameCount * FrameTable.FrameSizeBytes;

    private readonly uint _first;

    internal FrameBlock(uint first)
    {
        _first = first;
    }

    public bool IsNone => _first == 0;

    public Frame this[int index] => new(_first + (uint)index);

    /// <summary>Nobody else maps the block, nor any frame of it.</summary>
    public bool IsUnshared => Volatile.Read(ref References) == 1 && AreFramesUnshared;

    /// <summary>Who maps the block as a whole; its frames are held by it, and by who maps them
    /// alone.</summary>
    public int ReferenceCount => Volatile.Read(ref References);

    internal uint Number => _first;

    private bool AreFramesUnshared
    {
        get
        {
            FrameInfo* info = FrameTable.Info(_first);
            for (int i = 0; i < FrameCount; i++)
            {
                if (Volatile.Read(ref info[i].ReferenceCount) != 1)
                {
                    return false;
                }
            }

            return true;
        }
    }

    // The field links free blocks; this one is not free.
    private ref int References => ref *(int*)&FrameTable.Info(_first)->Next;

    /// <summary>A block of zeros with one reference; false when no such block is free.</summary>
    public static bool TryAllocateZeroed(out FrameBlock block)
    {
        uint first = FrameAllocator.Allocate(Order, FrameKind.Data);
        block = new FrameBlock(first);
        if (first == 0)
        {
            return false;
        }

        block.References = 1;
        for (int i = 0; i < FrameCount; i++)
        {
            PageOperations.Clear((void*)(DirectMap.Base + block[i].Physical));
        }

        return true;
    }

    public void Retain() => Interlocked.Increment(ref References);

    public void Release()
    {
        if (Interlocked.Decrement(ref References) != 0)
        {
            return;
        }

        // Without a mapping nobody can take another reference, so what is one now stays one.
        if (AreFramesUnshared)
        {
            FrameAllocator.Free(_first, Order);
            return;
        }

        for (int i = 0; i < FrameCount; i++)
        {
            this[i].Release();
        }
    }

    /// <summary>The holder of a reference to the block has one to each frame instead.</summary>
    internal void FallApart()
    {
        // The only holder takes over what the block has.
        if (Volatile.Read(ref References) == 1)
        {
            return;
        }

        for (int i = 0; i < FrameCount; i++)
        {
            this[i].Retain();
        }

        Release();
    }
}
