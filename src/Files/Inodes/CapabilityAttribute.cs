using System;
using System.Buffers.Binary;

namespace Cashew.Files;

/// <summary>
/// The extended attribute that gives capabilities to a program file: a word of version and flag, two pairs of
/// words with the permitted and the inheritable set, lower halves first, and in version 3 the user id that is
/// root in the user name space it is for.
/// </summary>
/// <source>capabilities(7), "File capability extended attribute versioning".</source>
public static class CapabilityAttribute
{
    /// <summary>VFS_CAP_FLAGS_EFFECTIVE.</summary>
    public const byte EffectiveBit = 1;

    private const uint VersionMask = 0xFF00_0000;
    private const uint Version2 = 0x0200_0000;
    private const uint Version3 = 0x0300_0000;
    private const int Version2Bytes = 20;
    private const int Version3Bytes = 24;

    public static ReadOnlySpan<byte> Name => "security.capability"u8;

    /// <summary>Whether the kernel understands a value; it lets nobody set another.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> value)
    {
        if (value.Length is not (Version2Bytes or Version3Bytes)) return false;
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(value) & VersionMask;
        return version == (value.Length == Version2Bytes ? Version2 : Version3);
    }

    /// <summary>Whether it is for the only user name space there is, whose root is user 0.</summary>
    public static bool IsForRoot(ReadOnlySpan<byte> value) =>
        IsValid(value)
        && (value.Length == Version2Bytes || BinaryPrimitives.ReadUInt32LittleEndian(value[Version2Bytes..]) == 0);

    /// <summary>Makes of a value what a program in that name space is told: there, version 3 looks like
    /// version 2. False when it is none.</summary>
    internal static bool TryTell(ref byte[] value)
    {
        if (!IsValid(value)) return false;
        if (value.Length != Version3Bytes || !IsForRoot(value)) return true;
        value = value.AsSpan(0, Version2Bytes).ToArray();
        value[3] = (byte)(Version2 >> 24);
        return true;
    }
}
