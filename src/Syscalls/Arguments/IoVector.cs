using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Syscalls;

/// <summary>The array of struct iovec that readv(2) and its kin take, copied and checked as a
/// whole.</summary>
internal static class IoVector
{
    /// <summary>UIO_MAXIOV.</summary>
    private const int MaximumSegments = 1024;
    private const int IovecBytes = 16;

    /// <summary>The most one call moves: the rest is a short count.</summary>
    internal const int MaximumBytes = 0x7FFF_F000;

    /// <errors>EINVAL: more than 1024 segments, a negative length, or a sum beyond the range.
    /// EFAULT.</errors>
    /// <source>readv(2); access to each segment is checked before anything is moved, as Linux does.</source>
    internal static bool TryCopy(UserAddress vector, ulong wanted, out UserSegment[] segments, out Errno error)
    {
        segments = [];
        error = Errno.EINVAL;
        if (wanted > MaximumSegments)
        {
            return false;
        }

        int count = (int)wanted;
        UserSegment[] copied = count == 0 ? [] : new UserSegment[count];
        long total = 0;
        for (int i = 0; i < count; i++)
        {
            if (!UserMemory.TryRead(vector + (ulong)(i * IovecBytes), out Iovec item))
            {
                error = Errno.EFAULT;
                return false;
            }

            if ((long)item.iov_len < 0)
            {
                return false;
            }

            UserAddress start = new(item.iov_base);
            if (!UserAddress.IsValidRange(start, item.iov_len))
            {
                error = Errno.EFAULT;
                return false;
            }

            int length = (int)Math.Min((long)item.iov_len, MaximumBytes - total);
            copied[i] = new UserSegment(start, length);
            total += length;
        }

        segments = copied;
        error = Errno.None;
        return true;
    }
}
