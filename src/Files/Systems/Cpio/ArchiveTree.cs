using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <summary>The tree that archives are unpacked into. An entry takes the place of an earlier one of the same
/// name, unless that is a directory with entries; it changes a file or a directory of its own kind.</summary>
/// <remarks>
/// Names are resolved as paths of a process whose root this is: symbolic links on the way are followed,
/// absolute ones from here, and ".." of the root is the root. So nothing leaves the tree, whatever a name
/// looks like.
/// </remarks>
/// <source>path_resolution(7).</source>
internal sealed class ArchiveTree(TmpfsFilesystem filesystem)
{
    private const uint PermissionMask = 0xFFF;

    private readonly TmpfsDirectory _root = (TmpfsDirectory)filesystem.RootInode;

    // The directories from below the root to where a walk is, for "..".
    private readonly List<TmpfsDirectory> _way = [];

    // Entries of one directory come together for the most part: the way to the last one, as it was written.
    private readonly byte[] _lastPath = new byte[NameRules.MaxPathBytes];
    private int _lastPathBytes;
    private TmpfsDirectory? _lastDirectory;

    /// <errors>ENOENT: a directory on the way is missing. ENOTDIR, ELOOP, ENAMETOOLONG: as for any
    /// path.</errors>
    internal Errno TryFindPlace(ReadOnlySpan<byte> path, out ArchivePlace place)
    {
        place = default;
        if (path.IsEmpty) return Errno.ENOENT;

        int end = path.Length;
        while (end > 0 && path[end - 1] == (byte)'/') end--;
        ReadOnlySpan<byte> trimmed = path[..end];
        int slash = trimmed.LastIndexOf((byte)'/');
        ReadOnlySpan<byte> name = trimmed[(slash + 1)..];
        bool isDirectory = name.IsEmpty || NameRules.IsDot(name) || NameRules.IsDotDot(name);
        if (name.Length > NameRules.MaxNameBytes) return Errno.ENAMETOOLONG;

        ReadOnlySpan<byte> parent = isDirectory ? trimmed : trimmed[..(slash + 1)];
        Errno error = FindDirectory(parent, out TmpfsDirectory? directory);
        if (error != Errno.None) return error;
        place = new ArchivePlace(directory!, isDirectory ? default : name, end < path.Length);
        return Errno.None;
    }

    /// <summary>What has the name, if it is of that kind already; otherwise a new file.</summary>
    /// <errors>ENOTEMPTY: there is a directory with entries. EISDIR: the name says that it is a directory.
    /// ENOMEM, ENOSPC: there is no room for another file.</errors>
    internal Errno Place(in ArchivePlace place, in NewNode node, out Inode? inode)
    {
        inode = place.Directory;
        bool isDirectory = node.Type == InodeType.Directory;
        if (!isDirectory && (place.Name.IsEmpty || place.HasTrailingSlash)) return Errno.EISDIR;
        if (place.Name.IsEmpty) return Errno.None;

        using SleepLock.Guard guard = place.Directory.Lock!.Acquire();
        if (place.Directory.TryLookup(place.Name, out inode, out _) && IsSame(inode, node)) return Errno.None;

        Nanoseconds modified = place.Directory.Modified;
        Errno error = inode is null ? Errno.None : Remove(place, inode);
        if (error == Errno.None) _ = place.Directory.TryCreate(place.Name, node, out inode, out error);
        SetModified(place.Directory, modified);
        return error;
    }

    /// <summary>Gives a file another name.</summary>
    /// <errors>As <see cref="Place"/>.</errors>
    internal Errno Link(in ArchivePlace place, Inode target)
    {
        if (place.Name.IsEmpty || place.HasTrailingSlash) return Errno.EISDIR;

        using SleepLock.Guard guard = place.Directory.Lock!.Acquire();
        bool exists = place.Directory.TryLookup(place.Name, out Inode? inode, out _);
        if (ReferenceEquals(inode, target)) return Errno.None;

        Nanoseconds modified = place.Directory.Modified;
        Errno error = exists ? Remove(place, inode!) : Errno.None;
        if (error == Errno.None) error = place.Directory.Link(place.Name, target);
        SetModified(place.Directory, modified);
        return error;
    }

    /// <summary>Owner, permissions and times as in the archive.</summary>
    internal static void SetAttributes(Inode inode, in CpioHeader header)
    {
        Errno error = inode.SetAttributes(new AttributeChange
        {
            Permissions = header.Mode & PermissionMask,
            Uid = header.Uid,
            Gid = header.Gid,
            Accessed = header.Modified,
            Modified = header.Modified,
        });
        System.Diagnostics.Debug.Assert(error == Errno.None);
    }

    // A directory keeps the time that its own entry gave it, whatever comes into it afterwards.
    private static void SetModified(TmpfsDirectory directory, Nanoseconds modified)
    {
        Errno error = directory.SetAttributes(new AttributeChange { Modified = modified });
        System.Diagnostics.Debug.Assert(error == Errno.None);
    }

    private static bool IsSame(Inode inode, in NewNode node)
    {
        // The text of a link is part of the file.
        if (inode.Type != node.Type || inode.IsSymbolicLink) return false;
        return inode.Device.Equals(node.Device);
    }

    private Errno Remove(in ArchivePlace place, Inode victim)
    {
        // It may be on the way that we remember.
        _lastDirectory = null;
        if (!victim.IsDirectory) return place.Directory.Unlink(place.Name, victim);

        using SleepLock.Guard guard = victim.Lock!.AcquireNested(LockRank.DirectoryVictim);
        return place.Directory.RemoveDirectory(place.Name, victim);
    }

    private Errno FindDirectory(ReadOnlySpan<byte> path, out TmpfsDirectory? directory)
    {
        directory = _lastDirectory;
        ReadOnlySpan<byte> lastPath = _lastPath.AsSpan(0, _lastPathBytes);
        if (directory is not null && path.SequenceEqual(lastPath)) return Errno.None;

        Errno error = Walk(path);
        directory = error == Errno.None ? Here : null;
        _lastDirectory = directory;
        _lastPathBytes = path.Length;
        path.CopyTo(_lastPath);
        return error;
    }

    private TmpfsDirectory Here => _way.Count == 0 ? _root : _way[^1];

    private Errno Walk(ReadOnlySpan<byte> path)
    {
        int links = 0;
        _way.Clear();
        while (!path.IsEmpty)
        {
            int slash = path.IndexOf((byte)'/');
            ReadOnlySpan<byte> name = slash < 0 ? path : path[..slash];
            path = slash < 0 ? default : path[(slash + 1)..];
            if (!TryStep(name, out byte[]? target, out Errno error)) return error;
            if (target is null) continue;

            if (++links > NameRules.MaxLinks) return Errno.ELOOP;
            path = Continue(target, path);
        }

        return Errno.None;
    }

    /// <summary>One component further; or, where it is a symbolic link, its text.</summary>
    private bool TryStep(ReadOnlySpan<byte> name, out byte[]? target, out Errno error)
    {
        target = null;
        error = Errno.None;
        if (name.IsEmpty || NameRules.IsDot(name)) return true;
        if (NameRules.IsDotDot(name))
        {
            if (_way.Count > 0) _way.RemoveAt(_way.Count - 1);
            return true;
        }

        if (!TryLookup(name, out Inode? inode, out error)) return false;
        if (inode.IsSymbolicLink) return inode.TryReadLink(default, out target, out error);
        if (inode is TmpfsDirectory directory)
        {
            _way.Add(directory);
            return true;
        }

        error = Errno.ENOTDIR;
        return false;
    }

    private bool TryLookup(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        inode = null;
        error = Errno.ENAMETOOLONG;
        if (name.Length > NameRules.MaxNameBytes) return false;
        using SleepLock.Guard guard = Here.Lock!.Acquire();
        return Here.TryLookup(name, out inode, out error);
    }

    private byte[] Continue(byte[] target, ReadOnlySpan<byte> rest)
    {
        if (target[0] == (byte)'/') _way.Clear();
        byte[] path = new byte[target.Length + 1 + rest.Length];
        target.AsSpan().CopyTo(path);
        path[target.Length] = (byte)'/';
        rest.CopyTo(path.AsSpan(target.Length + 1));
        return path;
    }
}
