using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>File systems that are memory and nothing else. The root is one, as rootfs.</summary>
public sealed class TmpfsType(string name) : FilesystemType(name)
{
    private const uint RootPermissions = 0x1ED; // 0755

    public override bool TryMount(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> options, [NotNullWhen(true)] out Filesystem? filesystem,
        out Errno error)
    {
        filesystem = null;
        TmpfsOptions parsed = TmpfsOptions.Default;
        error = parsed.Apply(options);
        if (error != Errno.None) return false;

        filesystem = new TmpfsFilesystem(this, parsed, TmpfsOptions.Default);
        return true;
    }

    public override Errno CheckOption(ReadOnlySpan<byte> option)
    {
        TmpfsOptions parsed = TmpfsOptions.Default;
        return parsed.Apply(option);
    }

    /// <summary>The file system that the kernel starts with; its root is 0755, as of a root directory one
    /// expects.</summary>
    public static TmpfsFilesystem CreateRoot()
    {
        TmpfsOptions options = TmpfsOptions.Default;
        options.RootPermissions = RootPermissions;
        return new TmpfsFilesystem(new TmpfsType("rootfs"), options, options);
    }
}
