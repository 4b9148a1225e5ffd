using System.Collections.Generic;
using System.Threading;

namespace Cashew.Files;

/// <summary>Shared mounts that show each other's mounts and unmounts.</summary>
/// <remarks>The members of a group have one and the same master, since a new member comes as a copy of an old
/// one.</remarks>
/// <locking>All of it under the lock of <see cref="MountNamespace"/>.</locking>
/// <source>mount_namespaces(7).</source>
internal sealed class PeerGroup
{
    private static int s_lastId;
    private static uint s_lastRound;

    private uint _round;

    /// <summary>The number in mountinfo.</summary>
    internal int Id { get; } = Interlocked.Increment(ref s_lastId);

    internal List<Mount> Members { get; } = [];

    /// <summary>Who hears from the group without telling it; those that are shared are in a group of their
    /// own, too.</summary>
    internal List<Mount> Slaves { get; } = [];

    /// <summary>Begins a walk over groups, each of which is to be met once.</summary>
    internal static uint BeginRound() => ++s_lastRound;

    /// <summary>Whether the walk has not been here before.</summary>
    internal bool TryEnter(uint round)
    {
        if (_round == round) return false;
        _round = round;
        return true;
    }
}
