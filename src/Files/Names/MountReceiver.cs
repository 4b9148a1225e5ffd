namespace Cashew.Files;

/// <summary>A mount that hears of an event, and the level of propagation that it hears it on.</summary>
internal readonly struct MountReceiver(Mount mount, PropagationLevel level)
{
    internal Mount Mount { get; } = mount;
    internal PropagationLevel Level { get; } = level;

    /// <summary>Has peers, whose copies are to be peers, too. Otherwise it is a mere slave of the level's
    /// group.</summary>
    internal bool IsMember => ReferenceEquals(Mount.Peers, Level.Group);
}
