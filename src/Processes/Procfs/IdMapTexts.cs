using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>Which ids of a user namespace are which outside: in the only one there is, every id is
/// itself.</summary>
/// <source>user_namespaces(7), "User and group ID mappings: uid_map and gid_map", "The /proc/PID/setgroups
/// file".</source>
internal static class IdMapTexts
{
    private const int Columns = 10;

    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append(0L, Columns).Append((byte)' ').Append(0L, Columns).Append((byte)' ');
        text.Append((long)uint.MaxValue, Columns).Append((byte)'\n');
        return Errno.None;
    }

    /// <errors>EPERM: a map can be written once, and this one is there already.</errors>
    internal static Errno Store(Subject subject, in FileCaller opener, ReadOnlySpan<byte> text) => Errno.EPERM;

    internal static Errno AppendSetgroups(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append("allow\n"u8);
        return Errno.None;
    }

    /// <errors>EINVAL: neither "allow" nor "deny". EPERM: denied, but there is a map of groups
    /// already.</errors>
    internal static Errno StoreSetgroups(Subject subject, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && text[^1] is (byte)'\n' or (byte)' ' or (byte)'\t' or 0) text = text[..^1];
        if (text.SequenceEqual("allow"u8)) return Errno.None;
        return text.SequenceEqual("deny"u8) ? Errno.EPERM : Errno.EINVAL;
    }
}
