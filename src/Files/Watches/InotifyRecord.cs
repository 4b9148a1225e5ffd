using System;

namespace Cashew.Files;

/// <summary>An event that waits to be read.</summary>
/// <param name="name">Of a directory's entry; empty for the watched file itself. Never changed.</param>
/// <source>inotify(7), struct inotify_event.</source>
internal sealed class InotifyRecord(int descriptor, uint mask, uint cookie, byte[] name)
{
    internal const int HeaderBytes = 16;

    // Names are padded so that the next event is aligned.
    private const int NameUnit = 16;

    internal readonly int Descriptor = descriptor;
    internal readonly uint Mask = mask;
    internal readonly uint Cookie = cookie;
    internal readonly byte[] Name = name;

    internal InotifyRecord? Next { get; set; }

    /// <summary>With at least one NUL, if there is a name.</summary>
    internal int NameBytes => Name.Length == 0 ? 0 : (Name.Length + NameUnit) / NameUnit * NameUnit;

    internal int LengthBytes => HeaderBytes + NameBytes;

    /// <summary>Two of these in a row are told once.</summary>
    internal bool IsLike(int descriptor, uint mask, uint cookie, ReadOnlySpan<byte> name)
        => Descriptor == descriptor && Mask == mask && Cookie == cookie && name.SequenceEqual(Name);
}
