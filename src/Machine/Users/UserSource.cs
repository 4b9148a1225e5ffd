using System;

namespace Cashew.Machine;

/// <summary>
/// Where the bytes of a write come from: user memory in one or several pieces, or the kernel's own. A cursor:
/// what has been read is gone. At the first bad address it stops for good and says so.
/// </summary>
public ref struct UserSource
{
    private readonly ReadOnlySpan<UserSegment> _segments;
    private ReadOnlySpan<byte> _kernelBytes;
    private UserAddress _at;
    private int _leftInSegment;
    private int _nextSegment;

    public UserSource(ReadOnlySpan<byte> kernelBytes)
    {
        _kernelBytes = kernelBytes;
        RemainingBytes = kernelBytes.Length;
    }

    public UserSource(UserAddress start, int lengthBytes)
    {
        _at = start;
        _leftInSegment = lengthBytes;
        RemainingBytes = lengthBytes;
    }

    /// <summary>The caller has checked that the lengths are not negative and that their sum fits.</summary>
    public UserSource(ReadOnlySpan<UserSegment> segments)
    {
        _segments = segments;
        foreach (ref readonly UserSegment segment in segments)
        {
            RemainingBytes += segment.LengthBytes;
        }
    }

    public int RemainingBytes { get; private set; }

    /// <summary>A bad address was met: nothing more will come.</summary>
    public bool HasFaulted { get; private set; }

    /// <summary>Limits what is left: what lies beyond is not read.</summary>
    public void Truncate(int lengthBytes)
    {
        if (lengthBytes < RemainingBytes)
        {
            RemainingBytes = lengthBytes;
        }
    }

    /// <summary>Moves as much as both have; less only on a fault. Bytes moved.</summary>
    public int Read(scoped Span<byte> destination)
    {
        int total = Math.Min(destination.Length, RemainingBytes);
        if (!_kernelBytes.IsEmpty)
        {
            _kernelBytes[..total].CopyTo(destination);
            _kernelBytes = _kernelBytes[total..];
            RemainingBytes -= total;
            return total;
        }

        int done = 0;
        while (done < total && !HasFaulted)
        {
            EnterSegment();
            int piece = Math.Min(total - done, _leftInSegment);
            int moved = UserMemory.CopyIn(destination.Slice(done, piece), _at);
            HasFaulted = moved < piece;
            Advance(moved);
            done += moved;
        }

        return done;
    }

    /// <summary>Passes over bytes without reading them.</summary>
    public void Skip(int lengthBytes)
    {
        if (!_kernelBytes.IsEmpty)
        {
            _kernelBytes = _kernelBytes[lengthBytes..];
            RemainingBytes -= lengthBytes;
            return;
        }

        while (lengthBytes > 0)
        {
            EnterSegment();
            int piece = Math.Min(lengthBytes, _leftInSegment);
            Advance(piece);
            lengthBytes -= piece;
        }
    }

    /// <summary>Passes over all that is left.</summary>
    public void SkipAll() => RemainingBytes = 0;

    private void EnterSegment()
    {
        while (_leftInSegment == 0)
        {
            _at = _segments[_nextSegment].Start;
            _leftInSegment = _segments[_nextSegment].LengthBytes;
            _nextSegment++;
        }
    }

    private void Advance(int lengthBytes)
    {
        _at += (ulong)lengthBytes;
        _leftInSegment -= lengthBytes;
        RemainingBytes -= lengthBytes;
    }
}
