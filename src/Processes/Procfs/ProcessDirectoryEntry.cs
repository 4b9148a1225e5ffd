using System;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>A directory: fd, fdinfo, task.</summary>
internal sealed class ProcessDirectoryEntry(
    ReadOnlySpan<byte> name, uint permissions, ProcessDirectoryMaker maker)
    : ProcessEntry(name, Abi.Mode.S_IFDIR | permissions)
{
    internal override Inode Create(GeneratedFilesystem filesystem, Subject subject, int slot)
        => maker(filesystem, subject, subject.InodeNumber(slot), subject.Node(Mode));
}
