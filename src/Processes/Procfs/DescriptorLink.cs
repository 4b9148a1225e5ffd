using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>The link for one descriptor. Its permission bits say what the file was opened for.</summary>
/// <source>proc_pid_fd(5).</source>
internal sealed class DescriptorLink(
    GeneratedFilesystem filesystem, ulong number, Subject subject, int fd, OpenFile file)
    : MagicLink(filesystem, number, subject.Node(ModeOf(file)), subject)
{
    /// <summary>What Linux shows, whatever the text is.</summary>
    private const int ShownLengthBytes = 64;

    private readonly int _fd = fd;

    public override long LengthBytes => ShownLengthBytes;

    protected override Errno AppendTarget(ByteBuilder text, PathLocation root)
    {
        if (!TryGet(out OpenFile? file)) return Errno.ENOENT;
        file!.AppendName(text, root);
        file.Release();
        return Errno.None;
    }

    protected override bool TryFollow(out PathLocation target, out Errno error)
    {
        target = default;
        error = Errno.ENOENT;
        if (!TryGet(out OpenFile? file)) return false;

        // The walk pins the place. If the file is closed before, and with it goes the place, the walk starts
        // again and finds no descriptor.
        target = file!.LinkTarget;
        file.Release();
        error = Errno.None;
        return true;
    }

    private bool TryGet(out OpenFile? file)
    {
        file = null;
        return Subject.Thread?.DescriptorsOrNone is { } descriptors && descriptors.TryGet(_fd, out file);
    }

    private static uint ModeOf(OpenFile file)
    {
        uint mode = Abi.Mode.S_IFLNK;
        if (file.CanRead) mode |= Abi.Mode.S_IRUSR | Abi.Mode.S_IXUSR;
        if (file.CanWrite) mode |= Abi.Mode.S_IWUSR | Abi.Mode.S_IXUSR;
        return mode;
    }
}
