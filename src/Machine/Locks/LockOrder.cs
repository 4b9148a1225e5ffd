using System.Diagnostics;

namespace Cashew.Machine;

/// <summary>Debug builds check every acquisition against <see cref="LockRank"/>: one bit per rank held, per
/// processor.</summary>
internal static unsafe class LockOrder
{
    [Conditional("DEBUG")]
    internal static void Entered(LockRank rank)
    {
        CpuBlock* cpu = CpuBlock.Current;
        int word = (int)rank >> 6;
        ulong bit = 1UL << ((int)rank & 63);
        // Anything held with this rank or above? Bits of this word from ours up, and all higher words.
        ulong conflict = cpu->HeldRanks[word] & ~(bit - 1);
        for (int i = word + 1; i < CpuBlock.RankWords; i++)
        {
            conflict |= cpu->HeldRanks[i];
        }

        if (conflict != 0)
        {
            Panic.Stop("a lock was taken out of order");
        }

        cpu->HeldRanks[word] |= bit;
    }

    /// <summary>Does this processor hold a spin lock? Only debug builds know.</summary>
    internal static bool IsAnyHeld
    {
        get
        {
            CpuBlock* cpu = CpuBlock.Current;
            ulong held = 0;
            for (int i = 0; i < CpuBlock.RankWords; i++)
            {
                held |= cpu->HeldRanks[i];
            }

            return held != 0;
        }
    }

    [Conditional("DEBUG")]
    internal static void Left(LockRank rank) =>
        CpuBlock.Current->HeldRanks[(int)rank >> 6] &= ~(1UL << ((int)rank & 63));
}
