using System;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>Bytes in a pipe that lie in one page frame.</summary>
internal struct PipeSegment
{
    /// <summary>Holds one reference.</summary>
    internal Frame Page;

    internal int Start;
    internal int LengthBytes;
    internal PipeSegmentKind Kind;

    internal readonly Span<byte> Bytes => Page.Bytes.Slice(Start, LengthBytes);

    internal readonly int End => Start + LengthBytes;

    /// <summary>Drops bytes from the front.</summary>
    internal void Skip(int count)
    {
        Start += count;
        LengthBytes -= count;
    }

    /// <summary>The first bytes once more, with a reference of their own. Nobody may append to what is
    /// shared.</summary>
    internal readonly PipeSegment Share(int count)
    {
        Page.Retain();
        PipeSegmentKind kind = Kind == PipeSegmentKind.Packet ? PipeSegmentKind.Packet : PipeSegmentKind.Closed;
        return this with { LengthBytes = count, Kind = kind };
    }
}
