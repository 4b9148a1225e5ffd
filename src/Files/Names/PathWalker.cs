using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Resolves a path, component by component. The way it goes takes no lock and allocates nothing as
/// long as the dentry cache knows the names.</summary>
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

    // Moves of directories when a scoped walk began: after one, ".." may lead out of where it started.
    private readonly int _movesBefore;

    // Where to go on when the text of a link ends. Links in the middle of a path are common, links in the
    // middle of links are not: one return address is here, an array is made for more.
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
        bool isAbsolute = !path.IsEmpty && path[0] == (byte)'/';
        _at = isAbsolute ? _root : start.IsNone ? caller.Context.WorkingDirectory : start;
        if ((caller.Rules & ResolveRules.Scoped) != 0)
        {
            _root = start.IsNone ? caller.Context.WorkingDirectory : start;
            _at = _root;
            _movesBefore = DirectoryTree.MoveCount;
        }

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
        // What the rules say of absolute paths; that of a link is looked at where it is followed.
        if (Has(ResolveRules.Beneath) && !_path.IsEmpty && _path[0] == (byte)'/') return Errno.EXDEV;
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
                error = Ascend();
                if (error != Errno.None) return error;
                continue;
            }

            error = Step(name, hash, follow: !isLast || _followsLast || HasTrailingSlash, isLast);
            if (error != Errno.None) return error;
        }
    }

    /// <summary>Replaces the last component, before which the walk stopped, by the text of the link found
    /// there.</summary>
    internal Errno FollowLast(Mount mount, Inode link)
    {
        _rest = default;
        LastKind = LastComponent.Root;
        return Follow(mount, link, isLast: true);
    }

    /// <summary>Whether a rule is to be kept.</summary>
    internal readonly bool Has(ResolveRules rule) => (_caller.Rules & rule) != 0;

    // ---- steps
    // ------------------------------------------------------------------------------------------------

    private Errno Step(ReadOnlySpan<byte> name, uint hash, bool follow, bool isLast)
    {
        if (name.Length > NameRules.MaxNameBytes) return Errno.ENAMETOOLONG;

        Dentry? child = _at.Dentry.FindChild(name, hash);
        if (child is not null) child.MarkUsed();
        else if (Has(ResolveRules.Cached)) return Errno.EAGAIN;
        else if (!DirectoryEntries.TryLookup(_at.Dentry, _inode, name, hash, out child, out Errno error)) return error;
        if (child.Inode is null) return Errno.ENOENT;

        PathLocation next = new(_at.Mount, child);
        if (child.MountsHere is not null) next = Mounts.Descend(next);
        if (!ReferenceEquals(next.Mount, _at.Mount) && Has(ResolveRules.NoOtherMounts)) return Errno.EXDEV;
        Inode inode = next.Inode;
        if (follow && inode.IsSymbolicLink) return Follow(next.Mount, inode, isLast);

        _at = next;
        _inode = inode;
        return Errno.None;
    }

    /// <summary>To the directory above, but never above the process's root; up through mounts, and down again
    /// into what is mounted over the parent.</summary>
    /// <errors>EXDEV: a rule forbids it. EAGAIN: a directory has moved, so that nobody knows where this
    /// leads.</errors>
    private Errno Ascend()
    {
        if (_at == _root && Has(ResolveRules.Beneath)) return Errno.EXDEV;
        Mount mount = _at.Mount;
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
        if (_caller.Rules == ResolveRules.None) return Errno.None;
        if (!ReferenceEquals(_at.Mount, mount) && Has(ResolveRules.NoOtherMounts)) return Errno.EXDEV;
        bool isScoped = Has(ResolveRules.Scoped);
        return isScoped && DirectoryTree.MoveCount != _movesBefore ? Errno.EAGAIN : Errno.None;
    }

    private Errno Follow(Mount mount, Inode link, bool isLast)
    {
        if (++_linksFollowed > NameRules.MaxLinks || mount.Has(MountOptions.NoSymbolicLinks)) return Errno.ELOOP;
        if (Has(ResolveRules.NoLinks)) return Errno.ELOOP;
        if (isLast)
        {
            Errno forbidden = FileProtections.CheckFollow(_inode, link, _caller.Credentials);
            if (forbidden != Errno.None) return forbidden;
        }

        if (link.IsMagicLink)
        {
            if (Has(ResolveRules.NoMagicLinks)) return Errno.ELOOP;
            if (Has(ResolveRules.Scoped)) return Errno.EXDEV;
            if (!link.TryFollowMagicLink(_caller, out PathLocation target, out Errno magicError)) return magicError;
            if (!ReferenceEquals(target.Mount, _at.Mount) && Has(ResolveRules.NoOtherMounts)) return Errno.EXDEV;
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
            if (Has(ResolveRules.Beneath)) return Errno.EXDEV;
            if (!ReferenceEquals(_root.Mount, _at.Mount) && Has(ResolveRules.NoOtherMounts)) return Errno.EXDEV;
            _at = _root;
            _inode = _root.Inode;
        }

        return Errno.None;
    }

    // ---- the text
    // -----------------------------------------------------------------------------------------------

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
