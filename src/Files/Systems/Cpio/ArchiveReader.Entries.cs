using System;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <content>What becomes of each entry.</content>
internal sealed partial class ArchiveReader
{
    // The text of a symbolic link; some archivers write a NUL behind it.
    private const int MaxTargetBytes = NameRules.MaxPathBytes + 1;

    private bool TryReadEntry(ArchiveInput input, in CpioHeader header)
    {
        byte[]? target = null;
        if (header.Type == InodeType.SymbolicLink && !TryReadTarget(input, header, out target)) return false;

        Errno error = Place(header, target, out Inode? inode, out bool isKnown);
        if (error is Errno.ENOMEM or Errno.ENOSPC) return FailForRoom(error);
        if (error != Errno.None)
        {
            LogSkip(error);
            return target is not null || TrySkipData(input, header);
        }

        if (header.Type == InodeType.Regular && (header.DataBytes > 0 || !isKnown))
        {
            if (!TryStore(input, header, (TmpfsFile)inode!)) return false;
        }
        else if (target is null && !TrySkipData(input, header))
        {
            return false;
        }

        ArchiveTree.SetAttributes(inode!, header);
        return true;
    }

    /// <summary>Makes the file, or gives one that is in the archive already another name.</summary>
    /// <param name="isKnown">The latter: it may have its data, or get it with another of its names.</param>
    private Errno Place(in CpioHeader header, byte[]? target, out Inode? inode, out bool isKnown)
    {
        inode = null;
        isKnown = false;
        if (!IsFileType(header.Type) || !TryGetDevice(header, out DeviceNumber device)) return Errno.EINVAL;

        Errno error = _tree.TryFindPlace(Name, out ArchivePlace place);
        if (error != Errno.None) return error;

        bool mayHaveLinks = header.LinkCount > 1 && header.Type != InodeType.Directory;
        isKnown = mayHaveLinks && _links.TryFind(header, out inode);
        if (isKnown) return _tree.Link(place, inode!);

        NewNode node = new(header.Mode, header.Uid, header.Gid) { Device = device, Target = target };
        error = _tree.Place(place, node, out inode);
        if (error == Errno.None && mayHaveLinks) _links.Add(header.Link, inode!);
        return error;
    }

    private static bool IsFileType(InodeType type)
        => type is InodeType.Regular or InodeType.Directory or InodeType.SymbolicLink or InodeType.Fifo
            or InodeType.Socket or InodeType.CharacterDevice or InodeType.BlockDevice;

    // Archives have room for larger numbers than devices have.
    private static bool TryGetDevice(in CpioHeader header, out DeviceNumber device)
    {
        device = default;
        if (header.Type is not (InodeType.CharacterDevice or InodeType.BlockDevice)) return true;
        device = new DeviceNumber(header.DeviceMajor, header.DeviceMinor);
        return device.Major == header.DeviceMajor && device.Minor == header.DeviceMinor;
    }

    private bool TryReadTarget(ArchiveInput input, in CpioHeader header, out byte[]? target)
    {
        target = null;
        if (header.DataBytes > MaxTargetBytes) return Fail("a symbolic link is too long"u8);

        ReadOnlySpan<byte> text = input.Peek((int)header.DataBytes);
        if (text.Length < header.DataBytes) return Fail("the archive is cut off in a symbolic link"u8);
        int end = text.IndexOf((byte)0);
        if (end >= 0) text = text[..end];
        if (text.IsEmpty) return Fail("a symbolic link is empty"u8);
        if (text.Length > NameRules.MaxPathBytes) return Fail("a symbolic link is too long"u8);

        target = text.ToArray();
        input.Advance((int)header.DataBytes);
        return true;
    }

    private bool TryStore(ArchiveInput input, in CpioHeader header, TmpfsFile file)
    {
        file.SetOrigin(null);
        if (header.DataBytes == 0) return true;

        DataSum sum = header.Sum;
        Errno error = input.Store(file, header.DataBytes, ref sum);
        if (error == Errno.EIO) return Fail("the archive is cut off in the data of a file"u8);
        if (error != Errno.None) return FailForRoom(error);
        return sum.IsRight || Fail("the data of a file has a wrong checksum"u8);
    }

    private bool TrySkipData(ArchiveInput input, in CpioHeader header)
        => input.TrySkip(header.DataBytes) || Fail("the archive is cut off in the data of a file"u8);
}
