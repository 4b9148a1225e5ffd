using System;
using System.Numerics;

namespace Cashew.Machine;

/// <summary>
/// Random bytes: ChaCha20 keyed at boot from RDRAND and the jitter of the time-stamp counter, rekeyed after
/// every request, so that a later look at memory does not tell what was given out before.
/// </summary>
/// <source>RFC 8439 (ChaCha20); D. J. Bernstein, "Fast-key-erasure random-number generators".</source>
public static unsafe class Entropy
{
    private const int KeyWords = 8;
    private const int BlockWords = 16;
    private const int BlockBytes = BlockWords * sizeof(uint);
    private const int DoubleRounds = 10;

    private static readonly SpinLock s_lock = new(LockRank.Entropy);
    private static KeyState s_state; // protected by s_lock

    public static void Fill(Span<byte> destination)
    {
        uint* block = stackalloc uint[BlockWords];
        Span<byte> bytes = new(block, BlockBytes);
        const int KeyBytes = KeyWords * sizeof(uint);
        using (s_lock.Acquire())
        {
            while (!destination.IsEmpty)
            {
                NextBlockLocked(block);
                for (int i = 0; i < KeyWords; i++)
                {
                    s_state.Key[i] = block[i];
                }

                int count = Math.Min(destination.Length, BlockBytes - KeyBytes);
                bytes.Slice(KeyBytes, count).CopyTo(destination);
                destination = destination[count..];
            }
        }

        bytes.Clear();
    }

    public static ulong NextUInt64()
    {
        ulong value;
        Fill(new Span<byte>(&value, sizeof(ulong)));
        return value;
    }

    /// <summary>Stirs more in: interrupt times, a program's write to /dev/random. Never makes it
    /// worse.</summary>
    public static void Mix(ulong value)
    {
        using (s_lock.Acquire())
        {
            s_state.Key[0] ^= (uint)value;
            s_state.Key[1] ^= (uint)(value >> 32);
            uint* block = stackalloc uint[BlockWords];
            NextBlockLocked(block);
            for (int i = 0; i < KeyWords; i++)
            {
                s_state.Key[i] = block[i];
            }
        }
    }

    internal static void Initialize()
    {
        const int Samples = 16;
        for (int i = 0; i < Samples; i++)
        {
            ulong value = 0;
            if (CpuFeatures.HasRdrand && Instructions.TryRandom(&value) == 0)
            {
                value = 0;
            }

            Mix(value ^ BitOperations.RotateLeft(Instructions.ReadTsc(), i));
        }
    }

    private static void NextBlockLocked(uint* block)
    {
        uint* input = stackalloc uint[BlockWords];
        input[0] = 0x6170_7865; // "expand 32-byte k"
        input[1] = 0x3320_646E;
        input[2] = 0x7962_2D32;
        input[3] = 0x6B20_6574;
        for (int i = 0; i < KeyWords; i++)
        {
            input[4 + i] = s_state.Key[i];
        }

        ulong counter = s_state.Counter++;
        input[12] = (uint)counter;
        input[13] = (uint)(counter >> 32);
        input[14] = 0;
        input[15] = 0;
        for (int i = 0; i < BlockWords; i++)
        {
            block[i] = input[i];
        }

        for (int i = 0; i < DoubleRounds; i++)
        {
            QuarterRound(block, 0, 4, 8, 12);
            QuarterRound(block, 1, 5, 9, 13);
            QuarterRound(block, 2, 6, 10, 14);
            QuarterRound(block, 3, 7, 11, 15);
            QuarterRound(block, 0, 5, 10, 15);
            QuarterRound(block, 1, 6, 11, 12);
            QuarterRound(block, 2, 7, 8, 13);
            QuarterRound(block, 3, 4, 9, 14);
        }

        for (int i = 0; i < BlockWords; i++)
        {
            block[i] += input[i];
        }
    }

    private static void QuarterRound(uint* x, int a, int b, int c, int d)
    {
        x[a] += x[b];
        x[d] = BitOperations.RotateLeft(x[d] ^ x[a], 16);
        x[c] += x[d];
        x[b] = BitOperations.RotateLeft(x[b] ^ x[c], 12);
        x[a] += x[b];
        x[d] = BitOperations.RotateLeft(x[d] ^ x[a], 8);
        x[c] += x[d];
        x[b] = BitOperations.RotateLeft(x[b] ^ x[c], 7);
    }

    private struct KeyState
    {
        internal fixed uint Key[KeyWords];
        internal ulong Counter;
    }
}
