using System;
using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Net;

/// <summary>The name that a socket is bound to: a path, or bytes of its own name space. Never
/// changed.</summary>
/// <remarks>The bytes are those of sun_path as programs get to see them: a path ends in a NUL, an abstract
/// name begins
/// with one.</remarks>
/// <source>unix(7), "Address format".</source>
internal sealed class UnixName
{
    internal const int FamilyBytes = sizeof(ushort);
    internal const int MostBytes = FamilyBytes + Bytes108.Length;

    private readonly byte[] _path;

    /// <param name="path">sun_path.</param>
    /// <param name="inode">The file that a path led to, with one more user, which the name takes
    /// over.</param>
    internal UnixName(ReadOnlySpan<byte> path, Inode? inode)
    {
        _path = path.ToArray();
        Inode = inode;
    }

    internal ReadOnlySpan<byte> Path => _path;

    /// <summary>Null for an abstract name.</summary>
    internal Inode? Inode { get; }

    internal bool IsAbstract => Inode is null;

    // The table's chain.
    internal uint Hash => Inode is null ? HashOf(_path) : HashOf(Inode);

    internal static uint HashOf(Inode inode)
        => (uint)inode.Number * 0x9E3779B1 ^ inode.Filesystem.Device.Minor;

    internal static uint HashOf(ReadOnlySpan<byte> name)
    {
        // FNV-1a.
        uint hash = 2166136261;
        foreach (byte value in name) hash = (hash ^ value) * 16777619;
        return hash ^ hash >> 15;
    }

    /// <summary>Takes the path out of an address as a program gave it: up to the NUL, or all of an abstract
    /// one.</summary>
    /// <errors>EINVAL: too short to be an address or too long, or of another family.</errors>
    internal static Errno Parse(ReadOnlySpan<byte> address, out ReadOnlySpan<byte> path)
    {
        path = default;
        if (address.Length is < FamilyBytes or > MostBytes) return Errno.EINVAL;
        if (address[0] != SocketDomain.AF_UNIX || address[1] != 0) return Errno.EINVAL;
        path = address[FamilyBytes..];
        if (path.IsEmpty || path[0] == 0) return Errno.None;

        int end = path.IndexOf((byte)0);
        if (end >= 0) path = path[..end];
        return Errno.None;
    }

    /// <summary>Writes the address of a socket with this name, or none.</summary>
    /// <returns>Its length.</returns>
    internal static int Store(UnixName? name, Span<byte> address)
    {
        ReadOnlySpan<byte> path = name is null ? default : name.Path;
        address[0] = SocketDomain.AF_UNIX;
        address[1] = 0;
        path.CopyTo(address[FamilyBytes..]);
        return FamilyBytes + path.Length;
    }
}
