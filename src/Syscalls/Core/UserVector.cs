using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Syscalls;

/// <summary>Reads the array of buffers that readv(2) and its kin take.</summary>
internal static class UserVector
{
    /// <summary>So many need no memory from the heap.</summary>
    internal const int SmallCount = 8;

    /// <summary>MAX_RW_COUNT: what one call moves at most.</summary>
    /// <source>read(2), NOTES.</source>
    internal const int MaxTransferBytes = 0x7FFF_F000;

    private const ulong IovecBytes = 16;

    /// <param name="from">The array.</param>
    /// <param name="count">Its length.</param>
    /// <param name="small">Room for <see cref="SmallCount"/> segments.</param>
    /// <param name="segments">In <paramref name="small"/> or in the heap; cut off where the transfer would get too
    /// long.</param>
    /// <param name="error">EINVAL: more than IOV_MAX, or a length that is negative as an ssize_t. EFAULT.</param>
    internal static bool TryRead(
        UserAddress from, long count, Span<UserSegment> small, out ReadOnlySpan<UserSegment> segments,
        out Errno error)
    {
        segments = default;
        error = Errno.EINVAL;
        if ((ulong)count > Limits.IOV_MAX) return false;

        Span<UserSegment> all = count <= small.Length ? small[..(int)count] : new UserSegment[count];
        long totalBytes = 0;
        for (int i = 0; i < all.Length; i++)
        {
            error = Errno.EFAULT;
            UserAddress at = from + (ulong)i * IovecBytes;
            if (!UserMemory.TryRead(at, out Iovec vector)) return false;
            error = Errno.EINVAL;
            if (vector.iov_len > long.MaxValue) return false;
            int lengthBytes = (int)Math.Min((long)vector.iov_len, MaxTransferBytes - totalBytes);
            all[i] = new UserSegment(new UserAddress(vector.iov_base), lengthBytes);
            totalBytes += lengthBytes;
        }

        segments = all;
        error = Errno.None;
        return true;
    }
}
