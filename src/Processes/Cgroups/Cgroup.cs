using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>A control group: processes that are counted, limited and ended together, and groups in
/// it.</summary>
/// <locking>All of it under <see cref="ProcessTree.Lock"/>; single figures are read without. Names, and which
/// groups there are, change under the lock of the parent's directory, too.</locking>
/// <source>cgroups(7); Linux's description of control group v2.</source>
public sealed class Cgroup
{
    internal const long NoLimit = long.MaxValue;

    internal Cgroup(Cgroup? parent, byte[] name)
    {
        Parent = parent;
        Name = name;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    internal Cgroup? Parent { get; }
    internal byte[] Name { get; }
    internal int Depth { get; }
    internal bool IsRoot => Parent is null;
    internal bool IsRemoved { get; set; }

    // The groups in it, in the order of their making.
    internal Cgroup? FirstChild { get; set; }
    internal Cgroup? LastChild { get; set; }
    internal Cgroup? NextSibling { get; set; }
    internal Cgroup? PreviousSibling { get; set; }
    internal long Sequence { get; set; }
    internal int DescendantCount { get; set; }
    internal long MaxDescendants { get; set; } = NoLimit;
    internal long MaxDepth { get; set; } = NoLimit;

    /// <summary>What its files are in; null of the root until somebody mounts the hierarchy.</summary>
    internal CgroupDirectory? Directory { get; set; }

    // ---- processes
    // --------------------------------------------------------------------------------------------

    /// <summary>Living processes in it, and in it and all below.</summary>
    internal int OwnProcessCount { get; set; }
    internal int ProcessCount { get; set; }

    internal WaitQueue Events { get; } = new();
    internal long EventsVersion { get; set; }

    /// <summary>The same for memory.events.</summary>
    internal WaitQueue MemoryEvents { get; } = new();
    internal long MemoryEventsVersion { get; set; }

    // Of CgroupNotices: what is to be told, and who is next.
    internal bool OwesNotice { get; set; }
    internal bool OwesMemoryNotice { get; set; }
    internal bool IsWaitingForNotice { get; set; }
    internal Cgroup? NextToNotify { get; set; }

    /// <summary>Used by processes that have ended or gone elsewhere, below included.</summary>
    internal ResourceUsage PastUsage;

    // ---- freezing
    // ---------------------------------------------------------------------------------------------

    /// <summary>It is to stand still (cgroup.freeze).</summary>
    internal bool IsToFreeze { get; set; }

    /// <summary>It is, or one that it is in.</summary>
    internal bool IsFreezing { get; set; }

    /// <summary>All in it and below stands still.</summary>
    internal bool IsFrozen { get; set; }

    /// <summary>Threads of its own that have not ended, and those of them that stand still.</summary>
    internal int ThreadCount { get; set; }
    internal int FrozenThreadCount { get; set; }

    internal int ChildCount { get; set; }
    internal int FrozenChildCount { get; set; }

    // ---- controllers
    // ------------------------------------------------------------------------------------------

    /// <summary>Those that the groups in it have.</summary>
    internal CgroupControllers Subtree { get; set; }

    /// <summary>Those that it has.</summary>
    internal CgroupControllers Controllers => Parent is null ? CgroupControllers.All : Parent.Subtree;

    /// <summary>Threads, zombies too, below included. Not counted for the root.</summary>
    internal long PidCount { get; set; }
    internal long PidPeak { get; set; }
    internal long PidLimit { get; set; } = NoLimit;
    internal long PidRefusals { get; set; }

    /// <summary>Of <see cref="FrameCharges"/>; 0 without the memory controller.</summary>
    internal int Account { get; set; }

    /// <summary>The account that its processes' frames are charged to: its own or the nearest
    /// above.</summary>
    internal int EffectiveAccount => Account != 0 || Parent is null ? Account : Parent.EffectiveAccount;

    internal CgroupMemory Memory { get; } = new();

    internal bool IsBelow(Cgroup top)
    {
        Cgroup? at = this;
        while (at is not null && !ReferenceEquals(at, top)) at = at.Parent;
        return at is not null;
    }
}
