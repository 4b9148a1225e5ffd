using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Cashew.Machine;

/// <summary>
/// One 4 KiB frame of memory for users' data: pages, page cache, buffers. A handle without ownership: who
/// keeps one holds a reference (<see cref="Retain"/>, <see cref="Release"/>).
/// </summary>
/// <safety>
/// A handle that outlived its reference may name a frame that now belongs to another program, but never one
/// of the kernel's own: <see cref="Bytes"/> checks the kind. That is the limit of what a counting mistake can
/// damage.
/// </safety>
public readonly unsafe struct Frame : IEquatable<Frame>
{
    public const int SizeBytes = FrameTable.FrameSizeBytes;

    private readonly uint _number;

    internal Frame(uint number)
    {
        _number = number;
    }

    /// <summary>Frames that can be had now.</summary>
    public static long FreeCount => FrameAllocator.FreeCount;

    /// <summary>Frames the allocator has ever had.</summary>
    public static long TotalCount => FrameAllocator.TotalCount;

    /// <summary>
    /// Free frames that only the kernel's heap may take: a 128th of memory, 8 MiB at most. Page tables and
    /// kernel stacks, which programs can make it have any number of, are refused when no more are left.
    /// </summary>
    public static long KernelReserve => FrameAllocator.KernelReserve;

    /// <summary>The page of zeros that every untouched anonymous page shares. Counting references on it costs
    /// nothing.</summary>
    public static Frame Zero => new(ZeroFrame.Number);

    public bool IsNone => _number == 0;

    /// <summary>Which page of memory it is: its physical address divided by its size.</summary>
    public uint Number => _number;

    internal ulong Physical => (ulong)_number << FrameTable.FrameShift;

    /// <summary>The frame's contents; the caller holds a reference for as long as it uses them.</summary>
    public Span<byte> Bytes
    {
        get
        {
            CheckKind();
            // SAFETY: a Data frame's 4096 bytes of the direct map belong to its holders.
            return new Span<byte>((void*)(DirectMap.Base + Physical), SizeBytes);
        }
    }

    public int ReferenceCount => Volatile.Read(ref FrameTable.Info(_number)->ReferenceCount);

    /// <summary>A frame with undefined contents and one reference.</summary>
    public static bool TryAllocate(out Frame frame)
    {
        frame = new Frame(FrameAllocator.Allocate(0, FrameKind.Data));
        return !frame.IsNone;
    }

    /// <summary>A frame of zeros with one reference.</summary>
    public static bool TryAllocateZeroed(out Frame frame)
    {
        if (!TryAllocate(out frame))
        {
            return false;
        }

        PageOperations.Clear((void*)(DirectMap.Base + frame.Physical));
        return true;
    }

    public void Retain()
    {
        if (_number != ZeroFrame.Number)
        {
            Interlocked.Increment(ref CheckedInfo()->ReferenceCount);
        }
    }

    public void Release()
    {
        if (_number == ZeroFrame.Number)
        {
            return;
        }

        int left = Interlocked.Decrement(ref CheckedInfo()->ReferenceCount);
        if (left <= 0)
        {
            End(left);
        }
    }

    /// <summary>Releases all of them.</summary>
    public static void ReleaseAll(ReadOnlySpan<Frame> frames)
    {
        uint zero = ZeroFrame.Number;
        foreach (Frame frame in frames)
        {
            if (frame._number == zero)
            {
                continue;
            }

            int left = Interlocked.Decrement(ref frame.CheckedInfo()->ReferenceCount);
            if (left <= 0)
            {
                frame.End(left);
            }
        }
    }

    /// <summary>Notes the account that the frame has been charged to; when it is free again, it is not any
    /// more.</summary>
    public void SetAccount(int account)
    {
        FrameInfo* info = CheckedInfo();
        info->Previous = (uint)account;
        info->IsCharged = true;
    }

    private void Uncharge()
    {
        FrameInfo* info = FrameTable.Info(_number);
        info->IsCharged = false;
        FrameCharges.Uncharge((int)info->Previous);
    }

    public void CopyFrom(Frame source)
    {
        CheckKind();
        PageOperations.Copy((void*)(DirectMap.Base + Physical), (void*)(DirectMap.Base + source.Physical));
    }

    public void Clear()
    {
        CheckKind();
        PageOperations.Clear((void*)(DirectMap.Base + Physical));
    }

    public bool Equals(Frame other) => _number == other._number;

    public override bool Equals(object? other) => other is Frame frame && _number == frame._number;

    public override int GetHashCode() => (int)_number;

    public static bool operator ==(Frame left, Frame right) => left._number == right._number;

    public static bool operator !=(Frame left, Frame right) => left._number != right._number;

    private void CheckKind() => _ = CheckedInfo();

    private void End(int left)
    {
        if (left < 0)
        {
            Panic.Stop("a frame was released once too often");
        }

        if (FrameTable.Info(_number)->IsCharged)
        {
            Uncharge();
        }

        FrameAllocator.Free(_number, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // once or twice for each page of a fork
    private FrameInfo* CheckedInfo()
    {
        FrameInfo* info = FrameTable.Info(_number);
        if (info->Kind != FrameKind.Data)
        {
            StopForKind();
        }

        return info;
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StopForKind() => Panic.Stop("a frame handle names memory that is not data");
}
