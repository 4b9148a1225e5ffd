using System;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>A name that each process's directory in /proc has.</summary>
internal abstract class ProcessEntry(ReadOnlySpan<byte> name, uint mode)
{
    private readonly byte[] _name = name.ToArray();

    /// <summary>In directories of threads, too.</summary>
    internal bool IsForTasks { get; init; } = true;

    /// <summary>In directories of processes.</summary>
    internal bool IsForProcesses { get; init; } = true;

    internal ReadOnlySpan<byte> Name => _name;

    internal uint Mode { get; } = mode;

    internal InodeType Type => (InodeType)((Mode & Abi.Mode.S_IFMT) >> 12);

    internal bool IsIn(Subject subject) => subject.IsTask ? IsForTasks : IsForProcesses;

    internal abstract Inode Create(GeneratedFilesystem filesystem, Subject subject, int slot);
}
