using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>cgroup2: there is one hierarchy, wherever and however often it is mounted, and it outlives its
/// mounts.</summary>
public sealed class CgroupType : FilesystemType
{
    private readonly CgroupFilesystem _instance;

    public CgroupType()
        : base("cgroup2")
    {
        _instance = new CgroupFilesystem(this);
    }

    /// <errors>EINVAL: an option is not understood.</errors>
    public override bool TryMount(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> options, [NotNullWhen(true)] out Filesystem? filesystem,
        out Errno error)
    {
        error = _instance.Remount(options);
        filesystem = error == Errno.None ? _instance : null;
        Cgroups.HasBeenMounted |= filesystem is not null;
        if (filesystem is not null) CgroupNotices.Begin();
        return filesystem is not null;
    }
}
