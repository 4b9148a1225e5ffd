using System;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>A file with a text.</summary>
internal sealed class ProcessTextEntry(ReadOnlySpan<byte> name, uint permissions, ProcessTextWriter writer)
    : ProcessEntry(name, Abi.Mode.S_IFREG | permissions)
{
    internal ProcessTextWriter Writer { get; } = writer;

    internal ProcessTextStore? Store { get; init; }

    /// <summary>It shows mounts: who polls is told when they change.</summary>
    internal bool ShowsMounts { get; init; }

    /// <summary>Only for those who may look into the process, whatever the permission bits say.</summary>
    internal bool IsSecret { get; init; }

    internal override Inode Create(GeneratedFilesystem filesystem, Subject subject, int slot)
        => new GeneratedFile(
            filesystem, subject.InodeNumber(slot), subject.Node(Mode), new ProcessText(subject, this));
}
