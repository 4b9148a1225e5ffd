using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Resolves a path, component by component. The way it goes takes no lock and allocates nothing as long as the
/// dentry cache knows the names.</summary>
/// <source>path_resolution(7), symlink(7).</source>
internal ref struct PathWalker
{
    private readonly FileCaller _caller;
    private readonly ReadOnlySpan<byte> _path;
    private readonly PathLocation _root;
    private readonly bool _stopsAtParent;
    private readonly bool _followsLast;

    private PathLocation _at;
    private Inode _inode;

    // What is left of the text being read: the path itself (_text is null) or the text of a link.
    private ReadOnlySpan<byte> _rest;
    private byte[]? _text;
    private int _linksFollowed;

    // Where to go on when the text of a link ends. Links in the middle of a path are common, links in the middle of
    // links are not: one return address is here, an array is made for more.
    private ReturnAddress _return;
    private ReturnAddress[]? _outerReturns;
    private int _returnCount;

    internal PathWalker(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, bool stopsAtParent, bool followsLast)
    {
        _caller = caller;
        _path = path;
        _rest = path;
        _stopsAtParent = stopsAtParent;
        _followsLast = followsLast;
        _root = caller.Context.Root;
        _at = !path.IsEmpty && path[0] == (byte)'/' ? _root
            : start.IsNone ? caller.Context.WorkingDirectory
            : start;
        _inode = _at.Inode;
        LastKind = LastComponent.Root;
    }

    private struct ReturnAddress
    {
        internal byte[]? Text;
        internal int Offset;
    }

    /// <summary>Where the walk is: at its end, or at the parent of the last component.</summary>
    internal readonly PathLocation At => _at;

    /// <summary>The inode at <see cref="At"/>.</summary>
    internal readonly Inode Inode => _inode;

    internal LastComponent LastKind { get; private set; }

    /// <summary>The last component, when the walk stops before it.</summary>
    internal ReadOnlySpan<byte> LastName { get; private set; }

    internal uint LastHash { get; private set; }

    /// <summary>Slashes follow the last component: only a directory will do.</summary>
    internal bool HasTrailingSlash { get; private set; }

    /// <summary>Walks on until the path ends, or to its last component.</summary>
    internal Errno Walk()
    {
        while (true)
        {
            SkipSlashes();
            if (_rest.IsEmpty)
            {
                if (!TryReturn()) return Finish();
                continue;
            }

            Errno error = _inode.IsDirectory
                ? Permission.CheckSearch(_inode, _caller.Credentials)
                : Errno.ENOTDIR;
            if (error != Errno.None) return error;

            ReadOnlySpan<byte> name = NameRules.FirstComponent(_rest, out uint hash);
            bool isLast = IsLast(_rest[name.Length..], out bool hasSlash);
            if (isLast) HasTrailingSlash |= hasSlash;
            if (isLast && _stopsAtParent) return StopBefore(name, hash);

            _rest = _rest[name.Length..];
            if (NameRules.IsDot(name)) continue;
            if (NameRules.IsDotDot(name))
            {
                Ascend();
                continue;
            }

            error = Step(name, hash, follow: !isLast || _followsLast || HasTrailingSlash);
            if (error != Errno.None) return error;
        }
    }

    /// <summary>Replaces the last component, before which the walk stopped, by the text of the link found there.</summary>
    internal Errno FollowLast(Mount mount, Inode link)
    {
        _rest = default;
        LastKind = LastComponent.Root;
        return Follow(mount, link);
    }

    // ---- steps ------------------------------------------------------------------------------------------------

    private Errno Step(ReadOnlySpan<byte> name, uint hash, bool follow)
    {
        if (name.Length > NameRules.MaxNameBytes) return Errno.ENAMETOOLONG;

        Dentry? child = _at.Dentry.FindChild(name, hash);
        if (child is not null) child.MarkUsed();
        else if (!DirectoryEntries.TryLookup(_at.Dentry, _inode, name, hash, out child, out Errno error)) return error;
        if (child.Inode is null) return Errno.ENOENT;

        PathLocation next = new(_at.Mount, child);
        if (child.MountsHere is not null) next = Mounts.Descend(next);
        Inode inode = next.Inode;
        if (follow && inode.IsSymbolicLink) return Follow(next.Mount, inode);

        _at = next;
        _inode = inode;
        return Errno.None;
    }

    /// <summary>To the directory above, but never above the process's root; up through mounts, and down again into
    /// what is mounted over the parent.</summary>
    private void Ascend()
    {
        while (_at != _root)
        {
            if (!_at.IsMountRoot)
            {
                // A file system's root that is no mount root cannot be reached; stay if it happens.
                PathLocation parent = new(_at.Mount, _at.Dentry.Parent ?? _at.Dentry);
                _at = Mounts.Descend(parent);
                break;
            }

            MountPlace? place = _at.Mount.Place;
            if (place is null) break;
            _at = new PathLocation(place.Parent, place.Point);
        }

        _inode = _at.Inode;
    }

    private Errno Follow(Mount mount, Inode link)
    {
        if (++_linksFollowed > NameRules.MaxLinks || mount.Has(MountOptions.NoSymbolicLinks)) return Errno.ELOOP;

        if (link.IsMagicLink)
        {
            if (!link.TryFollowMagicLink(_caller, out PathLocation target, out Errno magicError)) return magicError;
            _at = target;
            _inode = target.Inode;
            return Errno.None;
        }

        if (!link.TryReadLink(_caller, out byte[]? text, out Errno error)) return error;
        if (text.Length == 0) return Errno.ENOENT;
        mount.TouchAccessed(link);

        RememberReturn();
        _text = text;
        _rest = text;
        if (text[0] == (byte)'/')
        {
            _at = _root;
            _inode = _root.Inode;
        }

        return Errno.None;
    }

    // ---- the text -----------------------------------------------------------------------------------------------

    private void SkipSlashes()
    {
        int count = 0;
        while (count < _rest.Length && _rest[count] == (byte)'/') count++;
        _rest = _rest[count..];
    }

    private readonly bool IsLast(ReadOnlySpan<byte> after, out bool hasSlash)
    {
        hasSlash = !after.IsEmpty;
        return _returnCount == 0 && HasOnlySlashes(after);
    }

    private static bool HasOnlySlashes(ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            if (value != (byte)'/') return false;
        }

        return true;
    }

    private void RememberReturn()
    {
        if (HasOnlySlashes(_rest)) return;

        int length = _text is null ? _path.Length : _text.Length;
        if (_returnCount > 0)
        {
            _outerReturns ??= new ReturnAddress[NameRules.MaxLinks];
            _outerReturns[_returnCount - 1] = _return;
        }

        _return = new ReturnAddress { Text = _text, Offset = length - _rest.Length };
        _returnCount++;
    }

    private bool TryReturn()
    {
        if (_returnCount == 0) return false;

        _text = _return.Text;
        _rest = (_text is null ? _path : _text)[_return.Offset..];
        if (--_returnCount > 0) _return = _outerReturns![_returnCount - 1];
        return true;
    }

    private Errno StopBefore(ReadOnlySpan<byte> name, uint hash)
    {
        LastName = name;
        LastHash = hash;
        LastKind = NameRules.IsDot(name) ? LastComponent.Dot
            : NameRules.IsDotDot(name) ? LastComponent.DotDot
            : LastComponent.Name;
        return Errno.None;
    }

    private readonly Errno Finish()
        => HasTrailingSlash && !_inode.IsDirectory ? Errno.ENOTDIR : Errno.None;
}
