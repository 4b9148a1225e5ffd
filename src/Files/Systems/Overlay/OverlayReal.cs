namespace Cashew.Files.Systems;

/// <summary>A file of a layer.</summary>
internal readonly struct OverlayReal(Inode inode, OverlayLayer layer)
{
    internal Inode Inode { get; } = inode;
    internal OverlayLayer Layer { get; } = layer;
}
