using System;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Who a task is. Immutable and replaced as a whole: whoever picked up the reference sees one
/// consistent set without a lock, also while another thread changes it.</summary>
/// <source>credentials(7), capabilities(7).</source>
public sealed class Credentials
{
    private static readonly uint[] s_noGroups = [];

    // Sorted, so that membership is a binary search: getgroups(2) does not promise an order, and a user in
    // thousands of groups must not pay for each of them at each path component.
    private readonly uint[] _groups = s_noGroups;

    public Credentials()
    {
    }

    /// <summary>A copy to be changed with an object initializer before anybody else sees it.</summary>
    public Credentials(Credentials other)
    {
        Uid = other.Uid;
        Euid = other.Euid;
        Suid = other.Suid;
        Fsuid = other.Fsuid;
        Gid = other.Gid;
        Egid = other.Egid;
        Sgid = other.Sgid;
        Fsgid = other.Fsgid;
        _groups = other._groups;
        Effective = other.Effective;
        Permitted = other.Permitted;
        Inheritable = other.Inheritable;
        Bounding = other.Bounding;
        Ambient = other.Ambient;
        SecureBits = other.SecureBits;
    }

    /// <summary>What the first process has: root with everything.</summary>
    public static Credentials ForRoot() => new()
    {
        Effective = CapabilitySet.All,
        Permitted = CapabilitySet.All,
        Bounding = CapabilitySet.All,
    };

    public uint Uid { get; init; }
    public uint Euid { get; init; }
    public uint Suid { get; init; }

    /// <summary>What file permissions are checked against.</summary>
    public uint Fsuid { get; init; }

    public uint Gid { get; init; }
    public uint Egid { get; init; }
    public uint Sgid { get; init; }

    /// <inheritdoc cref="Fsuid"/>
    public uint Fsgid { get; init; }

    public CapabilitySet Effective { get; init; }
    public CapabilitySet Permitted { get; init; }
    public CapabilitySet Inheritable { get; init; }
    public CapabilitySet Bounding { get; init; }
    public CapabilitySet Ambient { get; init; }
    public uint SecureBits { get; init; }

    /// <summary>The supplementary groups in ascending order. The initializer copies and sorts what it is
    /// given.</summary>
    public ReadOnlySpan<uint> Groups
    {
        get => _groups;
        init
        {
            uint[] sorted = value.ToArray();
            Array.Sort(sorted);
            _groups = sorted;
        }
    }

    public bool Has(int capability) => Effective.Has(capability);

    /// <summary>Whether file permissions of <paramref name="group"/> apply.</summary>
    public bool IsInGroup(uint group) => group == Fsgid || IsSupplementary(group);

    /// <summary>Whether a set-group-ID bit for a group is the caller's to give.</summary>
    public bool MayKeepSetGroup(uint group) => IsInGroup(group) || Has(Capability.CAP_FSETID);

    private bool IsSupplementary(uint group)
    {
        uint[] groups = _groups;
        int low = 0;
        int high = groups.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (groups[middle] == group) return true;
            if (groups[middle] < group) low = middle + 1;
            else high = middle;
        }

        return false;
    }
}
