using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <summary>What the kernel puts into devtmpfs. A name that exists already is left alone, whatever it is: a
/// program may have made it.</summary>
internal sealed class DeviceTree(TmpfsFilesystem filesystem)
{
    private const uint DirectoryMode = Mode.S_IFDIR | 0x1ED; // 0755
    private const uint SharedMemoryMode = Mode.S_IFDIR | Mode.S_ISVTX | 0x1FF; // 01777
    private const uint LinkMode = Mode.S_IFLNK | 0x1FF; // 0777

    internal TmpfsFilesystem Filesystem { get; } = filesystem;

    /// <summary>Makes what every /dev has and the nodes of all devices known so far.</summary>
    /// <errors>ENOMEM, ENOSPC.</errors>
    /// <locking>Takes directory locks, one at a time.</locking>
    internal Errno Fill()
    {
        Errno error = Add("pts"u8, new NewNode(DirectoryMode, 0, 0));
        if (error == Errno.None) error = Add("shm"u8, new NewNode(SharedMemoryMode, 0, 0));
        if (error == Errno.None) error = AddLink("fd"u8, "/proc/self/fd"u8);
        if (error == Errno.None) error = AddLink("stdin"u8, "/proc/self/fd/0"u8);
        if (error == Errno.None) error = AddLink("stdout"u8, "/proc/self/fd/1"u8);
        if (error == Errno.None) error = AddLink("stderr"u8, "/proc/self/fd/2"u8);
        foreach (CharacterDevices.Registration device in CharacterDevices.All)
        {
            if (error == Errno.None) error = Add(device);
        }

        return error;
    }

    /// <inheritdoc cref="Fill"/>
    internal Errno Add(in CharacterDevices.Registration device)
    {
        Span<byte> path = stackalloc byte[NameRules.MaxNameBytes];
        int length = Math.Min(device.Name.Length, path.Length);
        for (int i = 0; i < length; i++) path[i] = (byte)device.Name[i];
        return Add(path[..length], new NewNode(Mode.S_IFCHR | device.Permissions, 0, 0) { Device = device.Number });
    }

    private Errno AddLink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
        => Add(name, new NewNode(LinkMode, 0, 0) { Target = target.ToArray() });

    private Errno Add(ReadOnlySpan<byte> path, in NewNode node)
    {
        Inode directory = Filesystem.RootInode;
        NewNode between = new(DirectoryMode, 0, 0);
        while (true)
        {
            int slash = path.IndexOf((byte)'/');
            bool isLast = slash < 0;
            ReadOnlySpan<byte> name = isLast ? path : path[..slash];
            if (!TryFindOrCreate(directory, name, isLast ? node : between, out Inode? child, out Errno error)) return error;
            if (isLast || !child.IsDirectory) return Errno.None;

            directory = child;
            path = path[(slash + 1)..];
        }
    }

    private static bool TryFindOrCreate(
        Inode directory, ReadOnlySpan<byte> name, in NewNode node, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        using SleepLock.Guard guard = directory.Lock!.Acquire();
        return directory.TryLookup(name, out inode, out error) || directory.TryCreate(name, node, out inode, out error);
    }
}
