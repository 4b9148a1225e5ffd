using System;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>What is in /proc/PID/net, which the room that knows adds at boot.</summary>
public static class NetworkTexts
{
    private static Entry[] s_entries = [];

    internal static ReadOnlySpan<Entry> All => s_entries;

    /// <summary>At boot, before proc is mounted for the first time.</summary>
    public static void Add(ReadOnlySpan<byte> name, FileContents contents)
    {
        Entry[] longer = new Entry[s_entries.Length + 1];
        s_entries.AsSpan().CopyTo(longer);
        longer[^1] = new Entry(name.ToArray(), contents);
        s_entries = longer;
    }

    internal sealed class Entry(byte[] name, FileContents contents)
    {
        internal byte[] Name { get; } = name;
        internal FileContents Contents { get; } = contents;
    }
}
