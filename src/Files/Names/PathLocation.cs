using System;
using System.Diagnostics.CodeAnalysis;

namespace Cashew.Files;

/// <summary>A place in the tree as a process sees it: a dentry, and the mount through which it was
/// reached.</summary>
/// <remarks>The value alone keeps nothing in place. Who stores it pins it first and unpins it when done; in
/// between, what the pins protect (the dentry's identity, the mount) stays.</remarks>
public readonly struct PathLocation(Mount mount, Dentry dentry) : IEquatable<PathLocation>
{
    private readonly Mount? _mount = mount;
    private readonly Dentry? _dentry = dentry;

    /// <summary>The value of no place: the file has never had a name, or the working directory is
    /// meant.</summary>
    public bool IsNone => _mount is null;

    public Mount Mount => _mount!;
    public Dentry Dentry => _dentry!;
    public Inode Inode => _dentry!.Inode!;

    /// <summary>What stands at the top of a mount.</summary>
    public bool IsMountTop => IsMountRoot;

    internal bool IsMountRoot => ReferenceEquals(_dentry, _mount!.Root);

    public bool TryPin()
    {
        if (!_mount!.TryPin()) return false;
        if (_dentry!.TryPin()) return true;
        _mount.Unpin();
        return false;
    }

    /// <locking>May sleep: the last user of a mount that has been detached releases the file
    /// system.</locking>
    public void Unpin()
    {
        if (IsNone) return;
        _dentry!.Unpin();
        _mount!.Unpin();
    }

    public bool Equals(PathLocation other)
        => ReferenceEquals(_dentry, other._dentry) && ReferenceEquals(_mount, other._mount);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is PathLocation other && Equals(other);
    public override int GetHashCode() => _dentry is null ? 0 : (int)_dentry.Place.Hash;

    public static bool operator ==(PathLocation left, PathLocation right) => left.Equals(right);
    public static bool operator !=(PathLocation left, PathLocation right) => !left.Equals(right);
}
