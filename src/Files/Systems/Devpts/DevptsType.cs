using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>Where pseudo-terminals have their names.</summary>
/// <source>pts(4).</source>
public sealed class DevptsType() : FilesystemType("devpts")
{
    public override bool TryMount(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> options, [NotNullWhen(true)] out Filesystem? filesystem,
        out Errno error)
    {
        DevptsOptions parsed = DevptsOptions.Default;
        bool isValid = parsed.TryApply(options);
        filesystem = isValid ? new DevptsFilesystem(this, parsed) : null;
        error = isValid ? Errno.None : Errno.EINVAL;
        return isValid;
    }
}
