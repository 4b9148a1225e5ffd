namespace Cashew.Files;

/// <summary>A location with its pins, as one object, so that it can be exchanged by one store.</summary>
internal sealed class PinnedLocation(PathLocation location)
{
    internal PathLocation Location { get; } = location;
}
