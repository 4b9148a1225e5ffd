using System;
using Cashew.Files.Systems;

namespace Cashew.Files;

/// <summary>Lines of the tables of mounts in /proc. What is not below the root of who looks is left
/// out.</summary>
/// <source>proc_pid_mounts(5), proc_pid_mountinfo(5), fstab(5).</source>
public static class MountTable
{
    /// <summary>"device directory type options 0 0".</summary>
    public static void AppendMounts(ByteBuilder text, Mount mount, PathLocation root)
    {
        byte[] buffer = new byte[NameRules.MaxPathBytes + 1];
        if (!TryFormatPoint(mount, root, buffer, out ReadOnlySpan<byte> point)) return;

        AppendSource(text, mount);
        text.Append((byte)' ');
        PathText.AppendEscaped(text, point);
        text.Append((byte)' ').AppendAscii(mount.Filesystem.Type.Name);
        text.Append(mount.IsReadOnly ? " ro"u8 : " rw"u8);
        AppendFilesystemOptions(text, mount.Filesystem);
        AppendMountOptions(text, mount);
        mount.Filesystem.AppendOptions(text);
        text.Append(" 0 0\n"u8);
    }

    /// <summary>"id parent device root directory options - type source options-of-the-file-system".</summary>
    public static void AppendMountInfo(ByteBuilder text, Mount mount, PathLocation root)
    {
        byte[] buffer = new byte[NameRules.MaxPathBytes + 1];
        if (!TryFormatPoint(mount, root, buffer, out ReadOnlySpan<byte> point)) return;

        Filesystem filesystem = mount.Filesystem;
        Mount parent = mount.Parent ?? mount;
        text.Append((long)mount.Id).Append((byte)' ').Append((long)parent.Id).Append((byte)' ');
        text.Append((long)filesystem.Device.Major).Append((byte)':');
        text.Append((long)filesystem.Device.Minor).Append((byte)' ');
        AppendRoot(text, mount);
        text.Append((byte)' ');
        PathText.AppendEscaped(text, point);
        text.Append((mount.Options & MountOptions.ReadOnly) != 0 ? " ro"u8 : " rw"u8);
        AppendMountOptions(text, mount);
        AppendPropagation(text, mount, root);
        text.Append(" - "u8).AppendAscii(filesystem.Type.Name).Append((byte)' ');
        AppendSource(text, mount);
        text.Append(filesystem.IsReadOnly ? " ro"u8 : " rw"u8);
        AppendFilesystemOptions(text, filesystem);
        filesystem.AppendOptions(text);
        text.Append((byte)'\n');
    }

    /// <summary>"device DEVICE mounted on DIRECTORY with fstype TYPE".</summary>
    /// <source>proc_pid_mountstats(5).</source>
    public static void AppendMountStatistics(ByteBuilder text, Mount mount, PathLocation root)
    {
        byte[] buffer = new byte[NameRules.MaxPathBytes + 1];
        if (!TryFormatPoint(mount, root, buffer, out ReadOnlySpan<byte> point)) return;

        text.Append("device "u8);
        AppendSource(text, mount);
        text.Append(" mounted on "u8);
        PathText.AppendEscaped(text, point);
        text.Append(" with fstype "u8).AppendAscii(mount.Filesystem.Type.Name).Append((byte)'\n');
    }

    private static void AppendRoot(ByteBuilder text, Mount mount)
    {
        if (mount.Root.Inode is NamespaceInode inode)
        {
            inode.AppendName(text);
            return;
        }

        byte[] inside = new byte[NameRules.MaxPathBytes + 1];
        PathText.AppendEscaped(text, DirectoryTree.FormatWithin(mount.Root, inside));
    }

    // Read without the lock: the line is of one moment, and the next one may be of another.
    private static void AppendPropagation(ByteBuilder text, Mount mount, PathLocation root)
    {
        if (mount.Peers is PeerGroup peers) text.Append(" shared:"u8).Append((long)peers.Id);
        if (mount.Master is PeerGroup master)
        {
            text.Append(" master:"u8).Append((long)master.Id);
            PeerGroup? dominant = MountNamespace.FindDominant(mount, root);
            if (dominant is not null && !ReferenceEquals(dominant, master))
            {
                text.Append(" propagate_from:"u8).Append((long)dominant.Id);
            }
        }

        if (mount.IsUnbindable) text.Append(" unbindable"u8);
    }

    internal static bool IsReachable(Mount mount, PathLocation root)
        => TryFormatPoint(mount, root, new byte[NameRules.MaxPathBytes + 1], out _);

    private static bool TryFormatPoint(
        Mount mount, PathLocation root, Span<byte> buffer, out ReadOnlySpan<byte> point)
    {
        PathLocation top = new(mount, mount.Root);
        return DirectoryTree.TryFormat(top, root, buffer, out point, out bool isReachable) && isReachable;
    }

    private static void AppendSource(ByteBuilder text, Mount mount)
    {
        if (mount.Source.IsEmpty) text.Append("none"u8);
        else PathText.AppendEscaped(text, mount.Source);
    }

    private static void AppendFilesystemOptions(ByteBuilder text, Filesystem filesystem)
    {
        FilesystemOptions options = filesystem.Options;
        if ((options & FilesystemOptions.Synchronous) != 0) text.Append(",sync"u8);
        if ((options & FilesystemOptions.SynchronousDirectories) != 0) text.Append(",dirsync"u8);
        if ((options & FilesystemOptions.MandatoryLocks) != 0) text.Append(",mand"u8);
        if ((options & FilesystemOptions.LazyTimes) != 0) text.Append(",lazytime"u8);
    }

    private static void AppendMountOptions(ByteBuilder text, Mount mount)
    {
        MountOptions options = mount.Options;
        if ((options & MountOptions.NoSetUid) != 0) text.Append(",nosuid"u8);
        if ((options & MountOptions.NoDevices) != 0) text.Append(",nodev"u8);
        if ((options & MountOptions.NoExecute) != 0) text.Append(",noexec"u8);
        if ((options & MountOptions.NoAccessTimes) != 0) text.Append(",noatime"u8);
        if ((options & MountOptions.NoDirectoryAccessTimes) != 0) text.Append(",nodiratime"u8);
        if ((options & MountOptions.RelativeAccessTimes) != 0) text.Append(",relatime"u8);
        if ((options & MountOptions.NoSymbolicLinks) != 0) text.Append(",nosymfollow"u8);
    }
}
