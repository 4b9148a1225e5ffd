namespace Cashew.Files.Systems;

/// <summary>One name in a directory in memory. Immutable but for the inode, which a rename may
/// replace.</summary>
internal sealed class DirectoryEntry(byte[] name, uint hash, long cookie, Inode inode)
{
    internal readonly byte[] Name = name;
    internal readonly long Cookie = cookie;
    internal readonly uint Hash = hash;

    internal Inode Inode = inode;

    /// <summary>The next entry of the same bucket.</summary>
    internal DirectoryEntry? Next;
}
