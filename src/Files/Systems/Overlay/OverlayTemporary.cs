namespace Cashew.Files.Systems;

/// <summary>A file in an overlay's work directory.</summary>
internal readonly struct OverlayTemporary(byte[] name, Inode inode)
{
    internal byte[] Name { get; } = name;
    internal Inode Inode { get; } = inode;
}
