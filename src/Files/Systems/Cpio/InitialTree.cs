using System;
using System.Diagnostics;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>What is in the root before an archive is unpacked into it, so that the first program has a
/// console even if the archive has no device nodes, which only root can put there.</summary>
/// <source>ramfs, rootfs and initramfs, docs.kernel.org/filesystems/ramfs-rootfs-initramfs.html: what an
/// archive is unpacked into is not quite empty.</source>
public static class InitialTree
{
    private const uint Permissions = 0x1ED; // 0755
    private const uint PrivatePermissions = 0x1C0; // 0700
    private const uint ConsoleMajor = 5;
    private const uint ConsoleMinor = 1;

    /// <param name="root">Nobody else uses it yet, and it is empty.</param>
    public static void Fill(TmpfsFilesystem root)
    {
        ArchiveTree tree = new(root);
        Add(tree, "dev"u8, new NewNode(Mode.S_IFDIR | Permissions, 0, 0));
        Add(tree, "dev/console"u8, new NewNode(Mode.S_IFCHR | Mode.S_IRUSR | Mode.S_IWUSR, 0, 0)
        {
            Device = new DeviceNumber(ConsoleMajor, ConsoleMinor),
        });
        Add(tree, "root"u8, new NewNode(Mode.S_IFDIR | PrivatePermissions, 0, 0));
    }

    private static void Add(ArchiveTree tree, ReadOnlySpan<byte> path, in NewNode node)
    {
        Errno error = tree.TryFindPlace(path, out ArchivePlace place);
        if (error == Errno.None) error = tree.Place(place, node, out _);
        // There is less memory than a few names take: what comes next will say so.
        Debug.Assert(error is Errno.None or Errno.ENOMEM);
    }
}
