using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>sysfs: there is one instance, wherever and however often it is mounted.</summary>
public sealed class SysfsType : FilesystemType
{
    private int _hasDevices;

    public SysfsType()
        : base("sysfs")
    {
        Instance = new SysFilesystem(this);
        SysfsEntries.AddTo(Instance);
    }

    /// <summary>What parts of the kernel add their files to, before it is mounted for the first
    /// time.</summary>
    public SysFilesystem Instance { get; }

    /// <errors>EINVAL: sysfs has no options.</errors>
    public override bool TryMount(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> options, [NotNullWhen(true)] out Filesystem? filesystem,
        out Errno error)
    {
        // By now all drivers have registered theirs.
        if (Interlocked.Exchange(ref _hasDevices, 1) == 0) SysfsDevices.AddTo(Instance);
        error = options.IsEmpty ? Errno.None : Errno.EINVAL;
        filesystem = error == Errno.None ? Instance : null;
        return filesystem is not null;
    }
}
