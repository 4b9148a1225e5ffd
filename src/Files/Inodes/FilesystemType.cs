using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>A kind of file system that can be mounted.</summary>
public abstract class FilesystemType(string name)
{
    /// <summary>As mount(2) and /proc/filesystems spell it.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it lives on a block device; "nodev" in /proc/filesystems when not.</summary>
    public virtual bool NeedsDevice => false;

    /// <param name="options">The comma-separated text of the mount call, without what became flags.</param>
    /// <errors>EINVAL: an option is not understood. ENOMEM.</errors>
    public abstract bool TryMount(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> options, [NotNullWhen(true)] out Filesystem? filesystem,
        out Errno error);
}
