using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>A file whose text is produced when it is read.</summary>
public sealed class GeneratedFile(
    GeneratedFilesystem filesystem, ulong number, in NewNode node, FileContents contents)
    : GeneratedInode(filesystem, number, node)
{
    private readonly FileContents _contents = contents;
    private readonly long _lengthBytes = filesystem.ShownLengthBytes;

    /// <summary>Whether an epoll may watch it, though it has nothing to tell: Linux lets it watch what is not
    /// about a process.</summary>
    internal bool HasReadiness { get; init; }

    internal bool TellsUnread { get; } = filesystem.TellsUnread;

    /// <summary>How long the text is shows only when it is read.</summary>
    public override long LengthBytes => _lengthBytes;

    public override bool TryOpen(
        in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        error = _contents.CheckOpen(request);
        file = error == Errno.None ? new GeneratedTextFile(this, request, _contents) : null;
        return file is not null;
    }

    /// <summary>What O_TRUNC asks for: a write replaces the whole value in any case.</summary>
    public override Errno SetLength(long lengthBytes) => Errno.None;
}
