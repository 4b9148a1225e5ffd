using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>The type of file systems that the kernel keeps for itself: they have a name and cannot be
/// mounted.</summary>
public sealed class InternalFilesystemType(string name) : FilesystemType(name)
{
    public override bool TryMount(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> options, [NotNullWhen(true)] out Filesystem? filesystem,
        out Errno error)
    {
        filesystem = null;
        error = Errno.EINVAL;
        return false;
    }
}
