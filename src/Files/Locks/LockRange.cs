using Cashew.Abi;

namespace Cashew.Files;

/// <summary>A run of bytes, both ends included; they need not exist.</summary>
public readonly struct LockRange(long first, long last)
{
    public const long EndOfFile = long.MaxValue;

    public static LockRange Whole => new(0, EndOfFile);

    public long First { get; } = first;
    public long Last { get; } = last;

    /// <summary>As fcntl(2) shows it: zero when it reaches to the end, however far that moves.</summary>
    public long LengthBytes => Last == EndOfFile ? 0 : Last - First + 1;

    public bool Overlaps(LockRange other) => First <= other.Last && other.First <= Last;

    /// <summary>Whether both together are one run.</summary>
    public bool Touches(LockRange other)
        => Overlaps(other) || (Last < other.First ? Last + 1 == other.First : other.Last + 1 == First);

    public LockRange Union(LockRange other) => new(long.Min(First, other.First), long.Max(Last, other.Last));

    /// <summary>Takes a range as fcntl(2) is given it. A negative length is the bytes before the
    /// start.</summary>
    /// <errors>EINVAL: no such origin, or a place before the file. EOVERFLOW: beyond the numbers.</errors>
    public static bool TryMake(
        OpenFile file, int whence, long start, long lengthBytes, out LockRange range, out Errno error)
    {
        range = default;
        error = Errno.EINVAL;
        long origin;
        switch (whence)
        {
            case SeekWhence.SEEK_SET:
                origin = 0;
                break;
            case SeekWhence.SEEK_CUR:
                origin = file.Offset;
                break;
            case SeekWhence.SEEK_END:
                origin = file.Inode.LengthBytes;
                break;
            default:
                return false;
        }

        if (start > long.MaxValue - origin)
        {
            error = Errno.EOVERFLOW;
            return false;
        }

        long first = origin + start;
        long last = EndOfFile;
        if (first < 0) return false;
        if (lengthBytes > 0)
        {
            if (lengthBytes - 1 > long.MaxValue - first)
            {
                error = Errno.EOVERFLOW;
                return false;
            }

            last = first + (lengthBytes - 1);
        }
        else if (lengthBytes < 0)
        {
            if (first + lengthBytes < 0) return false;
            last = first - 1;
            first += lengthBytes;
        }

        range = new LockRange(first, last);
        error = Errno.None;
        return true;
    }
}
