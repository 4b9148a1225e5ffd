using System;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>A link to a place: exe, cwd, root.</summary>
internal sealed class ProcessLinkEntry(ReadOnlySpan<byte> name, ProcessLinkTarget target)
    : ProcessEntry(name, Abi.Mode.S_IFLNK | GeneratedMode.Link)
{
    internal override Inode Create(GeneratedFilesystem filesystem, Subject subject, int slot)
        => new ProcessLink(filesystem, subject, slot, target);
}
