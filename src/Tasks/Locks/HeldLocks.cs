using System.Diagnostics;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>Which ranks of sleeping locks a thread holds; debug builds check the order with it.</summary>
internal struct HeldLocks
{
    // Sleeping ranks are below 64: see LockRank.
    private ulong _ranks;

    [Conditional("DEBUG")]
    internal void Enter(LockRank rank)
    {
        ulong bit = 1UL << (int)rank;
        if ((_ranks & ~(bit - 1)) != 0)
        {
            Panic.Stop("a sleeping lock was taken out of order");
        }

        _ranks |= bit;
    }

    [Conditional("DEBUG")]
    internal void Leave(LockRank rank) => _ranks &= ~(1UL << (int)rank);
}
