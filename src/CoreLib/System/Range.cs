using System.Runtime.CompilerServices;

namespace System;

/// <summary>The part from one position up to, but without, another.</summary>
public readonly struct Range : IEquatable<Range>
{
    public Range(Index start, Index end)
    {
        Start = start;
        End = end;
    }

    public static Range All => new(Index.Start, Index.End);

    public Index Start { get; }
    public Index End { get; }

    public static Range StartAt(Index start) => new(start, Index.End);

    public static Range EndAt(Index end) => new(Index.Start, end);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Offset, int Length) GetOffsetAndLength(int length)
    {
        int start = Start.GetOffset(length);
        int end = End.GetOffset(length);
        if ((uint)end > (uint)length || (uint)start > (uint)end)
        {
            ThrowHelper.ArgumentOutOfRange();
        }

        return (start, end - start);
    }

    public bool Equals(Range other) => other.Start.Equals(Start) && other.End.Equals(End);

    public override bool Equals(object? value) => value is Range other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Start.GetHashCode(), End.GetHashCode());
}
