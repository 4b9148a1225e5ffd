using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Net;

/// <summary>Bytes on their way through a socket: a ring of page frames, taken when bytes arrive and given
/// back when they
/// are read. It grows with what is in it.</summary>
/// <remarks>Positions count all bytes ever written and read. What is appended can be read only when it is
/// committed, so
/// that a message arrives whole or not at all.</remarks>
/// <locking>The queue's; <see cref="LengthBytes"/> may be read without.</locking>
internal struct ByteRing
{
    /// <summary>What a ring can hold, whatever SO_SNDBUFFORCE asks for.</summary>
    internal const int MostBytes = 1024 * PageBytes;

    private const int PageBytes = UserAddress.PageSizeBytes;
    private const int FewestPages = 4;

    // A power of two long, so that positions find their place by masking.
    private Frame[] _pages = new Frame[FewestPages];
    private long _written;
    private long _read;

    public ByteRing()
    {
    }

    internal readonly int LengthBytes => (int)(Volatile.Read(in _written) - Volatile.Read(in _read));

    /// <summary>Where the next byte goes.</summary>
    internal readonly long End => _written;

    /// <summary>Makes room for the pages of so many more bytes.</summary>
    internal Errno Reserve(int lengthBytes)
    {
        if (LengthBytes + lengthBytes > MostBytes - PageBytes) return Errno.ENOBUFS;
        int needed = PageIndex(_written + lengthBytes) - PageIndex(_read) + 1;
        if (needed <= _pages.Length) return Errno.None;
        if (!KernelObjects.MayCreateFile()) return Errno.ENOMEM;

        int length = _pages.Length;
        while (length < needed) length *= 2;
        Frame[] larger = new Frame[length];
        for (int page = PageIndex(_read), last = PageIndex(_written); page <= last; page++)
        {
            larger[page & (length - 1)] = _pages[page & (_pages.Length - 1)];
        }

        _pages = larger;
        return Errno.None;
    }

    /// <summary>Copies bytes in behind the end, room for which has been reserved. They are not there
    /// yet.</summary>
    /// <returns>How many: fewer at a bad address, or when there are no pages.</returns>
    /// <param name="error">EFAULT or ENOMEM when not all came.</param>
    internal int Append(ref UserSource source, int lengthBytes, out Errno error)
    {
        int total = 0;
        error = Errno.None;
        while (total < lengthBytes)
        {
            long at = _written + total;
            int offset = (int)(at % PageBytes);
            int chunk = Math.Min(PageBytes - offset, lengthBytes - total);
            ref Frame page = ref PageAt(at);
            if (page.IsNone && !UserFrames.TryAllocate(out page))
            {
                error = Errno.ENOMEM;
                break;
            }

            int moved = source.Read(page.Bytes.Slice(offset, chunk));
            total += moved;
            if (moved == chunk) continue;
            error = Errno.EFAULT;
            break;
        }

        return total;
    }

    /// <summary>What was appended can be read.</summary>
    internal void Commit(int lengthBytes) => Volatile.Write(ref _written, _written + lengthBytes);

    /// <summary>What was appended will not be committed: its pages go, but for the one that is
    /// begun.</summary>
    internal void Discard(int lengthBytes)
    {
        for (int page = PageIndex(_written) + 1; page <= PageIndex(_written + lengthBytes); page++)
        {
            Free(ref _pages[page & (_pages.Length - 1)]);
        }
    }

    /// <summary>Copies bytes out from a position; they stay.</summary>
    /// <returns>How many: fewer when the destination is full or bad.</returns>
    internal readonly int Copy(long position, int lengthBytes, ref UserDestination destination)
    {
        int total = 0;
        while (total < lengthBytes && destination.RemainingBytes > 0)
        {
            int offset = (int)((position + total) % PageBytes);
            int chunk = Math.Min(Math.Min(PageBytes - offset, lengthBytes - total), destination.RemainingBytes);
            int moved = destination.Write(PageAt(position + total).Bytes.Slice(offset, chunk));
            total += moved;
            if (moved < chunk) break;
        }

        return total;
    }

    /// <summary>The first bytes have been read: pages that were left go.</summary>
    internal void Consume(int lengthBytes)
    {
        long before = _read;
        long after = before + lengthBytes;
        for (int page = PageIndex(before); page < PageIndex(after); page++)
        {
            Free(ref _pages[page & (_pages.Length - 1)]);
        }

        Volatile.Write(ref _read, after);
    }

    /// <summary>Drops everything.</summary>
    internal void Clear()
    {
        Volatile.Write(ref _read, _written);
        foreach (ref Frame page in _pages.AsSpan()) Free(ref page);
    }

    private readonly ref Frame PageAt(long position) => ref _pages[PageIndex(position) & (_pages.Length - 1)];

    // The numbers of pages wrap around after eight terabytes, which masking does not mind; differences
    // neither.
    private static int PageIndex(long position) => (int)(position / PageBytes);

    private static void Free(ref Frame page)
    {
        if (page.IsNone) return;
        page.Release();
        page = default;
    }
}
