using System;
using System.Text;

namespace Cashew.Host.Files;

/// <summary>Data to compress, the same each time.</summary>
internal static class Sample
{
    internal static string[] Names => ["empty", "one", "short", "zeros", "random", "text", "far", "mixed"];

    internal static byte[] Make(string name)
    {
        Random random = new(name.Length);
        switch (name)
        {
            case "empty":
                return [];
            case "one":
                return [42];
            case "short":
                return Encoding.ASCII.GetBytes("abcabcabcabc, abc and abc");
            case "zeros":
                return new byte[1_000_000];
            case "random":
                return Noise(random, 200_000);
            case "text":
                return Text(random, 150_000);
            case "far":
                return Far(random);
            default:
                byte[] text = Text(random, 40_000);
                return [.. text, .. Noise(random, 70_000), .. new byte[50_000], .. text.AsSpan(9_000)];
        }
    }

    private static byte[] Noise(Random random, int length)
    {
        byte[] data = new byte[length];
        random.NextBytes(data);
        return data;
    }

    private static byte[] Text(Random random, int length)
    {
        string[] words = ["kernel", "frame", "page ", "inode", "the", " of ", "\n", "archive", "a", "e", "lock,"];
        StringBuilder text = new();
        while (text.Length < length) text.Append(words[random.Next(words.Length)]);
        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    // Matches over the whole of the window and at its very end.
    private static byte[] Far(Random random)
    {
        byte[] block = Noise(random, 32 * 1024);
        byte[] near = Noise(random, 32 * 1024 - 300);
        return [.. block, .. block, .. near, .. near, .. block.AsSpan(0, 1000), .. near];
    }
}
