namespace Cashew.Files;

/// <summary>What may become of the bytes in a <see cref="PipeSegment"/>.</summary>
internal enum PipeSegmentKind : byte
{
    /// <summary>The next write may go on in the same page.</summary>
    Open,

    /// <summary>Complete: others may have the page, too.</summary>
    Closed,

    /// <summary>Written with O_DIRECT: one read gets this and nothing else.</summary>
    Packet,
}
