using System;

namespace Cashew.Files.Systems;

/// <summary>What tells files of one archive apart: where the archiver found them.</summary>
internal readonly struct LinkKey(uint inode, uint major, uint minor) : IEquatable<LinkKey>
{
    private readonly uint _inode = inode;
    private readonly uint _major = major;
    private readonly uint _minor = minor;

    public bool Equals(LinkKey other)
        => _inode == other._inode && _major == other._major && _minor == other._minor;

    public override bool Equals(object? obj) => obj is LinkKey other && Equals(other);
    public override int GetHashCode() => (int)((_inode * 31 + _major) * 31 + _minor);
}
