using System;

namespace Cashew.Machine;

/// <summary>
/// Where the bytes of a read go: user memory in one or several pieces, or the kernel's own. A cursor: what
/// has been written is behind it. At the first bad address it stops for good and says so.
/// </summary>
public ref struct UserDestination
{
    private readonly ReadOnlySpan<UserSegment> _segments;
    private Span<byte> _kernelBytes;
    private UserAddress _at;
    private int _leftInSegment;
    private int _nextSegment;

    public UserDestination(Span<byte> kernelBytes)
    {
        _kernelBytes = kernelBytes;
        RemainingBytes = kernelBytes.Length;
    }

    public UserDestination(UserAddress start, int lengthBytes)
    {
        _at = start;
        _leftInSegment = lengthBytes;
        RemainingBytes = lengthBytes;
    }

    /// <summary>The caller has checked that the lengths are not negative and that their sum fits.</summary>
    public UserDestination(ReadOnlySpan<UserSegment> segments)
    {
        _segments = segments;
        foreach (ref readonly UserSegment segment in segments)
        {
            RemainingBytes += segment.LengthBytes;
        }
    }

    public int RemainingBytes { get; private set; }

    /// <summary>A bad address was met: nothing more will be taken.</summary>
    public bool HasFaulted { get; private set; }

    /// <summary>Limits what is left: what lies beyond is not written.</summary>
    public void Truncate(int lengthBytes)
    {
        if (lengthBytes < RemainingBytes)
        {
            RemainingBytes = lengthBytes;
        }
    }

    /// <summary>Moves as much as both have; less only on a fault. Bytes moved.</summary>
    public int Write(scoped ReadOnlySpan<byte> source)
    {
        int total = Math.Min(source.Length, RemainingBytes);
        if (!_kernelBytes.IsEmpty)
        {
            source[..total].CopyTo(_kernelBytes);
            _kernelBytes = _kernelBytes[total..];
            RemainingBytes -= total;
            return total;
        }

        int done = 0;
        while (done < total && !HasFaulted)
        {
            int piece = NextPiece(total - done);
            int moved = UserMemory.CopyOut(_at, source.Slice(done, piece));
            done += Advance(moved, piece);
        }

        return done;
    }

    /// <summary>Writes zeros, as many as asked for and as fit; fewer only on a fault. Bytes
    /// written.</summary>
    public int Clear(int lengthBytes)
    {
        int total = Math.Min(lengthBytes, RemainingBytes);
        if (!_kernelBytes.IsEmpty)
        {
            _kernelBytes[..total].Clear();
            _kernelBytes = _kernelBytes[total..];
            RemainingBytes -= total;
            return total;
        }

        int done = 0;
        while (done < total && !HasFaulted)
        {
            int piece = NextPiece(total - done);
            int moved = UserMemory.Clear(_at, piece);
            done += Advance(moved, piece);
        }

        return done;
    }

    private int NextPiece(int wanted)
    {
        while (_leftInSegment == 0)
        {
            _at = _segments[_nextSegment].Start;
            _leftInSegment = _segments[_nextSegment].LengthBytes;
            _nextSegment++;
        }

        return Math.Min(wanted, _leftInSegment);
    }

    private int Advance(int moved, int piece)
    {
        HasFaulted = moved < piece;
        _at += (ulong)moved;
        _leftInSegment -= moved;
        RemainingBytes -= moved;
        return moved;
    }
}
