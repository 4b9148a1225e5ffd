using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/PID/exe, cwd, root.</summary>
internal sealed class ProcessLink(
    GeneratedFilesystem filesystem, Subject subject, int slot, ProcessLinkTarget target)
    : MagicLink(
        filesystem, subject.InodeNumber(slot), subject.Node(Abi.Mode.S_IFLNK | GeneratedMode.Link), subject)
{
    protected override Errno AppendTarget(ByteBuilder text, PathLocation root)
    {
        if (!target(Subject, out PathLocation location, out Errno error)) return error;
        PathText.Append(text, location, root);
        return Errno.None;
    }

    protected override bool TryFollow(out PathLocation found, out Errno error)
        => target(Subject, out found, out error);
}
