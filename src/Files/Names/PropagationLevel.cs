namespace Cashew.Files;

/// <summary>One peer group among those that an event reaches, while it does: the copies that are made for its
/// members are a group for each mount of the tree that is copied.</summary>
internal sealed class PropagationLevel(PeerGroup group, PropagationLevel? upper)
{
    private PeerGroup?[]? _copies;

    internal PeerGroup Group { get; } = group;

    /// <summary>The group of which this one is a slave; null for the one where the event happened.</summary>
    internal PropagationLevel? Upper { get; } = upper;

    /// <summary>The group of the copies, for members of this level, of one mount of the tree; at the top,
    /// that mount's own.</summary>
    internal PeerGroup GroupFor(Mount original, int index, int count)
    {
        if (Upper is null) return original.Peers!;
        _copies ??= new PeerGroup?[count];
        return _copies[index] ??= new PeerGroup();
    }

    /// <summary>What the copies on this level are slaves of: the copies on the nearest level above that has
    /// any.</summary>
    internal PeerGroup? MasterFor(Mount original, int index)
    {
        PropagationLevel? level = Upper;
        while (level is { Upper: not null } && level._copies?[index] is null) level = level.Upper;
        if (level is null) return original.Master;
        return level.Upper is null ? original.Peers : level._copies![index];
    }

    /// <summary>The same for a slave without peers of this level's group.</summary>
    internal PeerGroup? MasterOfSlave(Mount original, int index)
        => Upper is null ? original.Peers : _copies?[index] ?? MasterFor(original, index);
}
