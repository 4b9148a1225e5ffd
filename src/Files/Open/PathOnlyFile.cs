using Cashew.Abi;

namespace Cashew.Files;

/// <summary>A file opened with O_PATH: it names a place in the tree and gives no access to
/// contents.</summary>
/// <source>open(2), O_PATH.</source>
public sealed class PathOnlyFile(in OpenRequest request)
    : OpenFile(request.Location.Inode, request.Location, request.Flags & KeptFlags)
{
    private const uint KeptFlags = OpenBits.O_PATH | OpenBits.O_DIRECTORY | OpenBits.O_NOFOLLOW;

    public override uint Poll(PollTable? table) => PollBits.POLLNVAL;
}
