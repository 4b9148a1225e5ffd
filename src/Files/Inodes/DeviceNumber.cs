using System;

namespace Cashew.Files;

/// <summary>Major and minor of a device.</summary>
public readonly struct DeviceNumber(uint major, uint minor) : IEquatable<DeviceNumber>
{
    // What dev_t of the kernel has room for.
    private const uint MajorMask = 0xFFF;
    private const uint MinorMask = 0xF_FFFF;

    public uint Major { get; } = major & MajorMask;
    public uint Minor { get; } = minor & MinorMask;

    /// <summary>As user space sees it in struct stat.</summary>
    /// <source>makedev(3); the low eight bits of the minor stay at the bottom, as they were in 16-bit
    /// times.</source>
    public ulong Encoded => (Minor & 0xFF) | (Major << 8) | ((ulong)(Minor & ~0xFFu) << 12);

    /// <summary>As Linux keeps it, and shows it in /proc/PID/fdinfo.</summary>
    internal ulong Packed => ((ulong)Major << 20) | Minor;

    /// <summary>The inverse of <see cref="Encoded"/>; also what mknod(2) is given.</summary>
    public static DeviceNumber FromEncoded(ulong encoded)
        => new((uint)(encoded >> 8) & MajorMask, (uint)(encoded & 0xFF) | ((uint)(encoded >> 12) & 0xF_FF00));

    public bool Equals(DeviceNumber other) => Major == other.Major && Minor == other.Minor;
    public override bool Equals(object? obj) => obj is DeviceNumber other && Equals(other);
    public override int GetHashCode() => (int)((Major << 20) | Minor);
}
