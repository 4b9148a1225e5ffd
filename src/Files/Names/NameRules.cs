using System;
using System.Numerics;

namespace Cashew.Files;

/// <summary>Lengths and hashes of names.</summary>
public static class NameRules
{
    /// <summary>NAME_MAX: a component's longest name.</summary>
    public const int MaxNameBytes = 255;

    /// <summary>PATH_MAX without the terminating NUL.</summary>
    public const int MaxPathBytes = 4095;

    /// <summary>Symbolic links followed in one resolution, before ELOOP.</summary>
    public const int MaxLinks = 40;

    // FNV-1a. The seed is drawn at boot, so that nobody can prepare names that all fall into one chain.
    private const uint FnvPrime = 16777619;
    private static uint s_seed = 2166136261;

    internal static void SeedHash(uint seed) => s_seed = seed;

    internal static uint Hash(ReadOnlySpan<byte> name)
    {
        uint hash = s_seed;
        foreach (byte value in name) hash = (hash ^ value) * FnvPrime;
        return Finish(hash);
    }

    /// <summary>The first component of a path and its hash, in one pass.</summary>
    internal static ReadOnlySpan<byte> FirstComponent(ReadOnlySpan<byte> path, out uint hash)
    {
        uint sum = s_seed;
        int length = 0;
        while (length < path.Length && path[length] != (byte)'/') sum = (sum ^ path[length++]) * FnvPrime;
        hash = Finish(sum);
        return path[..length];
    }

    // The low bits choose the slot; FNV leaves them weak for names that differ in the last byte only.
    private static uint Finish(uint hash) => hash ^ BitOperations.RotateRight(hash, 15);

    internal static bool IsDot(ReadOnlySpan<byte> name) => name.Length == 1 && name[0] == (byte)'.';

    internal static bool IsDotDot(ReadOnlySpan<byte> name)
        => name.Length == 2 && name[0] == (byte)'.' && name[1] == (byte)'.';
}
