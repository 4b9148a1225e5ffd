using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>What tmpfs was before it had limits.</summary>
/// <source>Linux's description of ramfs: no limits, and no options but the mode of the root.</source>
public sealed class RamfsType() : FilesystemType("ramfs")
{
    public override bool TryMount(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> options, [NotNullWhen(true)] out Filesystem? filesystem,
        out Errno error)
    {
        filesystem = null;
        TmpfsOptions parsed = TmpfsOptions.Unlimited;
        error = parsed.Apply(options);
        if (error != Errno.None) return false;

        filesystem = new TmpfsFilesystem(this, parsed, TmpfsOptions.Unlimited);
        return true;
    }
}
