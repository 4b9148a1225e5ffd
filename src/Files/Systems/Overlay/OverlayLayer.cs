namespace Cashew.Files.Systems;

/// <summary>One of the trees that an overlay shows as one; pinned as long as the overlay is there.</summary>
internal sealed class OverlayLayer(PathLocation top, DeviceNumber device)
{
    internal PathLocation Top { get; } = top;

    /// <summary>What stat(2) says of files of this layer that are not on one file system with the
    /// others.</summary>
    internal DeviceNumber Device { get; } = device;
}
