using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>Checks every acquisition against <see cref="LockRank"/>: one bit per rank held, per
/// processor.</summary>
internal static class LockOrder
{
    private const int BitsPerWord = 64;

    internal static void Entered(LockRank rank)
    {
        SimulatedCpu cpu = Simulation.Current.Cpu;
        int word = (int)rank / BitsPerWord;
        ulong bit = 1UL << ((int)rank % BitsPerWord);
        ulong conflict = cpu.HeldRanks[word] & ~(bit - 1);
        for (int i = word + 1; i < SimulatedCpu.RankWords; i++)
        {
            conflict |= cpu.HeldRanks[i];
        }

        if (conflict != 0)
        {
            Panic.Stop((string)$"a lock of rank {rank} was taken under one of the same or a higher rank");
        }

        cpu.HeldRanks[word] |= bit;
        cpu.HeldLocks++;
    }

    internal static void Left(LockRank rank)
    {
        SimulatedCpu cpu = Simulation.Current.Cpu;
        cpu.HeldRanks[(int)rank / BitsPerWord] &= ~(1UL << ((int)rank % BitsPerWord));
        cpu.HeldLocks--;
    }
}
