using System.Diagnostics;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>A segment as one shmat(2) attached it; each of its mappings counts.</summary>
public sealed class ShmAttachment : IAttachedMemory
{
    private const int KeyDigits = 8;

    private readonly bool _isReadOnly;
    private bool _isMapped;

    internal ShmAttachment(ShmSegment segment, bool isReadOnly)
    {
        Segment = segment;
        _isReadOnly = isReadOnly;
        ShownKey = segment.Key;
    }

    public bool IsReadable => true;

    public bool IsWritable => !_isReadOnly;

    public bool AllowsExecution => true;

    public ulong LengthBytes => Segment.SizeBytes;

    public int Id => Segment.Id;

    internal ShmSegment Segment { get; }

    private int ShownKey { get; }

    /// <summary>From now on mappings that go are detached by a program.</summary>
    internal void MarkMapped() => _isMapped = true;

    public bool TryOpenMapping(bool isShared, out PageSource? source, out Errno error)
    {
        source = Segment.Memory;
        error = Errno.None;
        return true;
    }

    public void RetainMapping()
    {
        bool isThere = Segment.TryAddMapping();
        Debug.Assert(isThere, "the caller has a mapping, or keeps it from going");
    }

    public void ReleaseMapping()
    {
        if (Segment.DropMapping(_isMapped)) SharedSegments.Destroy(Segment);
    }

    /// <summary>As /proc/PID/maps shows it.</summary>
    public void AppendName(ByteBuilder text) =>
        text.Append("/SYSV"u8).AppendHex((uint)ShownKey, KeyDigits).Append(" (deleted)"u8);
}
