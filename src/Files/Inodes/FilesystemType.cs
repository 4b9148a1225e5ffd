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

    /// <summary>The same for a type whose options name places, which are looked up as the caller.</summary>
    /// <inheritdoc cref="TryMount(ReadOnlySpan{byte}, ReadOnlySpan{byte}, out Filesystem, out Errno)"/>
    public virtual bool TryMount(
        in FileCaller caller, ReadOnlySpan<byte> source, ReadOnlySpan<byte> options,
        [NotNullWhen(true)] out Filesystem? filesystem, out Errno error)
        => TryMount(source, options, out filesystem, out error);

    /// <summary>Whether one option, with its value, would be understood; a type that can tell only from all
    /// together says so when it mounts.</summary>
    /// <errors>EINVAL.</errors>
    public virtual Errno CheckOption(ReadOnlySpan<byte> option) => Errno.None;
}
