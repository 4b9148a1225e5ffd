using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>The capabilities that a program file gives to whoever runs it.</summary>
/// <source>capabilities(7), "File capabilities" and "File capability extended attribute versioning".</source>
internal readonly struct FileCapabilities
{
    /// <summary>F(permitted) and F(inheritable).</summary>
    internal CapabilitySet Permitted { get; private init; }

    internal CapabilitySet Inheritable { get; private init; }

    /// <summary>F(effective): one bit for all.</summary>
    internal bool IsEffective { get; private init; }

    /// <summary>False when the file has none, or some that are for another user name space, without an
    /// error.</summary>
    /// <errors>EINVAL: nothing that could be capabilities.</errors>
    internal static bool TryRead(
        Credentials reader, OpenFile program, out FileCapabilities capabilities, out Errno error)
    {
        capabilities = default;
        bool isThere = FileTree.TryGetExtendedAttribute(
            reader, program.Inode, CapabilityAttribute.Name, out byte[]? value, out error);
        if (!isThere)
        {
            if (error != Errno.EINVAL) error = Errno.None;
            return false;
        }

        ReadOnlySpan<byte> bytes = value;
        if (!CapabilityAttribute.IsForRoot(bytes)) return false;
        capabilities = new FileCapabilities
        {
            Permitted = Set(bytes, 4),
            Inheritable = Set(bytes, 8),
            IsEffective = (bytes[0] & CapabilityAttribute.EffectiveBit) != 0,
        };
        return true;
    }

    /// <summary>Lower half, and upper half eight bytes on.</summary>
    private static CapabilitySet Set(ReadOnlySpan<byte> bytes, int at)
    {
        ulong low = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
        ulong high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 8)..]);
        return new CapabilitySet(low | high << 32) & CapabilitySet.All;
    }
}
