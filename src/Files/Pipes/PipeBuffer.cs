using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files;

/// <summary>The bytes in a pipe: a ring of page frames, taken when bytes arrive and given back when they are read.</summary>
/// <remarks>Positions count all bytes ever written and read, so the length is a difference. One frame stays while the pipe is
/// in use: small messages back and forth then allocate nothing.</remarks>
/// <locking>The pipe's; <see cref="LengthBytes"/> may be read without.</locking>
internal struct PipeBuffer
{
    /// <summary>16 pages, as Linux.</summary>
    internal const int CapacityBytes = 16 * PageBytes;

    private const int PageBytes = UserAddress.PageSizeBytes;
    private const int PageCount = CapacityBytes / PageBytes;

    private readonly Frame[] _pages = new Frame[PageCount];
    private long _written;
    private long _read;

    public PipeBuffer()
    {
    }

    internal readonly int LengthBytes => (int)(Volatile.Read(in _written) - Volatile.Read(in _read));

    internal readonly int FreeBytes => CapacityBytes - LengthBytes;

    /// <summary>Moves what fits into the destination.</summary>
    /// <returns>The count; less than there was only if the destination is full or bad.</returns>
    internal int Read(ref UserDestination destination)
    {
        int total = 0;
        while (LengthBytes > 0 && destination.RemainingBytes > 0)
        {
            int offset = (int)(_read % PageBytes);
            int chunk = Math.Min(Math.Min(PageBytes - offset, LengthBytes), destination.RemainingBytes);
            int moved = destination.Write(PageAt(_read).Bytes.Slice(offset, chunk));
            Consume(moved);
            total += moved;
            if (moved < chunk) break;
        }

        return total;
    }

    /// <summary>Moves what there is room for out of the source.</summary>
    /// <param name="error">ENOMEM: a page was needed and there is none.</param>
    internal int Write(ref UserSource source, out Errno error)
    {
        int total = 0;
        error = Errno.None;
        while (FreeBytes > 0 && source.RemainingBytes > 0)
        {
            int offset = (int)(_written % PageBytes);
            int chunk = Math.Min(Math.Min(PageBytes - offset, FreeBytes), source.RemainingBytes);
            ref Frame page = ref PageAt(_written);
            if (page.IsNone && !UserFrames.TryAllocate(out page))
            {
                error = Errno.ENOMEM;
                break;
            }

            int moved = source.Read(page.Bytes.Slice(offset, chunk));
            Volatile.Write(ref _written, _written + moved);
            total += moved;
            if (moved < chunk) break;
        }

        return total;
    }

    /// <summary>Drops everything, the kept frame too.</summary>
    internal void Clear()
    {
        Volatile.Write(ref _read, _written);
        foreach (ref Frame page in _pages.AsSpan()) Free(ref page);
    }

    private readonly ref Frame PageAt(long position) => ref _pages[(int)(position / PageBytes % PageCount)];

    private void Consume(int count)
    {
        long before = _read;
        Volatile.Write(ref _read, before + count);
        bool hasLeftPage = _read / PageBytes != before / PageBytes;

        // When the ring is almost full, the writer is in this very page again, from its other side.
        if (hasLeftPage && FreeBytes >= PageBytes) Free(ref PageAt(before));
    }

    private static void Free(ref Frame page)
    {
        if (page.IsNone) return;
        page.Release();
        page = default;
    }
}
