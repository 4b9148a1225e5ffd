using System;

namespace Cashew.Host.Files;

/// <summary>Damages data as bad media, bad luck and bad people do.</summary>
internal static class Mutation
{
    private static ReadOnlySpan<byte> Favorites
        => [0, 0xFF, 0x7F, 0x80, (byte)'0', (byte)'F', (byte)'/', (byte)'.'];

    internal static byte[] Of(byte[] original, Random random)
    {
        byte[] data = (byte[])original.Clone();
        for (int left = 1 + random.Next(3); left > 0 && data.Length > 0; left--) data = Damage(data, random);
        return data;
    }

    private static byte[] Damage(byte[] data, Random random)
    {
        int at = random.Next(data.Length);
        int length = Math.Min(1 + random.Next(random.Next(2) == 0 ? 8 : 300), data.Length - at);
        switch (random.Next(7))
        {
            case 0:
                data[at] ^= (byte)(1 << random.Next(8));
                return data;
            case 1:
                data[at] = (byte)random.Next(256);
                return data;
            case 2:
                data[at] = Favorites[random.Next(Favorites.Length)];
                return data;
            case 3:
                return data.AsSpan(0, at).ToArray();
            case 4:
                return [.. data.AsSpan(0, at), .. data.AsSpan(at + length)];
            case 5:
                int from = random.Next(data.Length - length);
                return [.. data.AsSpan(0, at), .. data.AsSpan(from, length), .. data.AsSpan(at)];
            default:
                data.AsSpan(at, length).Fill(Favorites[random.Next(Favorites.Length)]);
                return data;
        }
    }
}
