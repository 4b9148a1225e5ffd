using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace Cashew.Files.Systems;

/// <summary>The kinds of file systems that can be mounted, by name.</summary>
/// <locking>None: the table is replaced whole by compare and exchange. Types register at boot.</locking>
public static class FilesystemTypes
{
    private static FilesystemType[] s_all = [];

    /// <summary>In the order of registration, which is that of /proc/filesystems.</summary>
    public static ReadOnlySpan<FilesystemType> All => Volatile.Read(ref s_all);

    /// <summary>Makes those known that are memory and nothing else, at boot.</summary>
    public static void RegisterMemoryBased()
    {
        Register(new TmpfsType("tmpfs"));
        Register(new DevfsType());
        Register(new RamfsType());
        Register(new DevptsType());
        Register(new SysfsType());
        Register(new OverlayType());
        Register(MqueueType.Only);
    }

    /// <summary>Makes a type known. A name that is known already gets the new type.</summary>
    public static void Register(FilesystemType type)
    {
        FilesystemType[] old;
        FilesystemType[] all;
        do
        {
            old = Volatile.Read(ref s_all);
            int index = IndexOf(old, type.Name);
            all = new FilesystemType[index < 0 ? old.Length + 1 : old.Length];
            old.AsSpan().CopyTo(all);
            all[index < 0 ? old.Length : index] = type;
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref s_all, all, old), old));
    }

    public static bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out FilesystemType? type)
    {
        foreach (FilesystemType candidate in All)
        {
            if (!IsCalled(candidate, name)) continue;
            type = candidate;
            return true;
        }

        type = null;
        return false;
    }

    /// <summary>The text of /proc/filesystems.</summary>
    /// <source>proc_filesystems(5).</source>
    public static void AppendList(ByteBuilder text)
    {
        foreach (FilesystemType type in All)
        {
            if (!type.NeedsDevice) text.Append("nodev"u8);
            text.Append((byte)'\t').AppendAscii(type.Name).Append((byte)'\n');
        }
    }

    // Names are ASCII.
    private static bool IsCalled(FilesystemType type, ReadOnlySpan<byte> name)
    {
        string own = type.Name;
        if (own.Length != name.Length) return false;
        for (int i = 0; i < name.Length; i++)
        {
            if (own[i] != name[i]) return false;
        }

        return true;
    }

    private static int IndexOf(FilesystemType[] all, string name)
    {
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].Name == name) return i;
        }

        return -1;
    }
}
