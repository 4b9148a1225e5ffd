using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>devtmpfs: a tmpfs in which the kernel makes a node for each device that a driver has registered.
/// There is one, wherever and however often it is mounted, and it outlives its mounts. Programs may do in it
/// what they may do in any tmpfs.</summary>
/// <source>Linux's description of CONFIG_DEVTMPFS: root owns everything, and the mode is what the driver
/// says.</source>
/// <deviation>The links that init systems make on Linux (fd, stdin, stdout, stderr) and the directories that
/// they mount on (pts, shm) are there from the beginning, so that a program alone on the machine finds
/// them.</deviation>
public sealed class DevfsType() : FilesystemType("devtmpfs")
{
    private const uint RootPermissions = 0x1ED; // 0755

    private DeviceTree? _tree;

    public override bool TryMount(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> options, [NotNullWhen(true)] out Filesystem? filesystem,
        out Errno error)
    {
        filesystem = null;
        DeviceTree? tree = Volatile.Read(ref _tree);
        if (tree is null && !TryCreate(out tree, out error)) return false;

        // Size and number of files can be changed, and have been when somebody mounts it again with others.
        error = tree.Filesystem.Remount(options);
        if (error != Errno.None) return false;
        filesystem = tree.Filesystem;
        return true;
    }

    private bool TryCreate([NotNullWhen(true)] out DeviceTree? tree, out Errno error)
    {
        TmpfsOptions options = TmpfsOptions.Default;
        options.RootPermissions = RootPermissions;
        tree = new DeviceTree(new TmpfsFilesystem(this, options, TmpfsOptions.Default));
        error = tree.Fill();
        if (error != Errno.None) return false;

        DeviceTree? winner = Interlocked.CompareExchange(ref _tree, tree, null);
        if (winner is not null)
        {
            tree = winner;
            return true;
        }

        // A mount of the kernel's own: the last of the others to go does not end the file system.
        _ = Mounts.CreateInternal(tree.Filesystem);
        CharacterDevices.Show(tree);
        return true;
    }
}
