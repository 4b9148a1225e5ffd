using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>The contents of a file that lie in the archive as they are: nothing is copied before somebody
/// asks.</summary>
/// <remarks>Whole pages that the archive happens to hold on page boundaries are lent, not copied: the
/// module's own frame is what programs map, and a writer gets a copy.</remarks>
internal sealed class ArchivePages(BootModule module, long offset, long lengthBytes) : PageFiller
{
    private const int PageBytes = UserAddress.PageSizeBytes;

    private readonly BootModule _module = module;
    private readonly long _offset = offset;

    public override long LengthBytes { get; } = lengthBytes;

    public override bool TryFill(long pageIndex, Frame frame, out Errno error)
    {
        long at = pageIndex * PageBytes;
        int count = (int)System.Math.Min(PageBytes, LengthBytes - at);
        _module.Bytes(_offset + at, count).CopyTo(frame.Bytes);
        error = Errno.None;
        return true;
    }

    public override bool TryLend(long pageIndex, out Frame frame)
        => _module.TryFrame(_offset + pageIndex * PageBytes, out frame);

    /// <summary>Frames that hold something else as well, of the files before and behind, stay.</summary>
    public override void Discard() => _ = _module.Release(_offset, LengthBytes);
}
