using System;
using System.Buffers.Binary;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>Random bytes, the same for the same seed. A generator of its own: they must not change who runs
/// when.</summary>
public static class Entropy
{
    public static void Fill(Span<byte> destination) => Simulation.Current.EntropySource.NextBytes(destination);

    public static ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public static void Mix(ulong value)
    {
    }
}
