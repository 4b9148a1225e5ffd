using System;

namespace Cashew.Processes;

/// <summary>The auxiliary vector: what the kernel tells a program's start-up code, as pairs of
/// words.</summary>
/// <source>getauxval(3).</source>
public sealed class AuxiliaryVector
{
    /// <summary>Room for all entries of x86-64 and the end mark.</summary>
    private const int MaxPairs = 28;

    private readonly ulong[] _words = new ulong[MaxPairs * 2];

    /// <summary>Pairs so far; the end mark is not one.</summary>
    public int PairCount { get; private set; }

    /// <summary>All words including the pair of zeros at the end.</summary>
    public ReadOnlySpan<ulong> Words => _words.AsSpan(0, (PairCount + 1) * 2);

    public void Add(ulong type, ulong value)
    {
        _words[PairCount * 2] = type;
        _words[PairCount * 2 + 1] = value;
        PairCount++;
    }
}
