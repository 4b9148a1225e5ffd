using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files;

/// <summary>The kernel's memory of names, as boot and memory pressure see it.</summary>
public static class NameCache
{
    /// <summary>Sets it up for this machine; at boot, before there is any file system.</summary>
    public static void Start()
    {
        // Nobody can prepare names that all fall into one chain.
        NameRules.SeedHash((uint)Entropy.NextUInt64());
        DentryCache.Initialize();
        MemoryPressure.Register(new Dropping());
    }

    private sealed class Dropping : Shrinker
    {
        /// <summary>There are no frames here, only objects.</summary>
        public override int Shrink(int wantedFrames) => 0;

        public override void DropObjects() => DentryCache.DropUnused();
    }
}
