using System;

namespace Cashew.Files;

/// <summary>Where a dentry hangs: its directory and its name there. Immutable and exchanged as a whole by a
/// rename, so that a reader without a lock never sees the new name below the old directory.</summary>
internal sealed class DentryPlace(Dentry? parent, byte[] name, uint hash)
{
    internal readonly Dentry? Parent = parent;
    internal readonly byte[] Name = name;
    internal readonly uint Hash = hash;

    internal bool Matches(Dentry parent, uint hash, ReadOnlySpan<byte> name)
        => Hash == hash && ReferenceEquals(Parent, parent) && name.SequenceEqual(Name);
}
