using System;
using System.Collections.Generic;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>The options of an overlay mount.</summary>
/// <source>Linux's description of the overlay filesystem.</source>
internal sealed class OverlayOptions
{
    internal byte[]? Upper { get; private set; }
    internal byte[]? Work { get; private set; }

    /// <summary>As it was given: paths with colons between them.</summary>
    internal byte[]? Lower { get; private set; }

    /// <summary>The file system's own attributes are in "user.overlay." and not in
    /// "trusted.overlay.".</summary>
    internal bool UsesUserAttributes { get; private set; }

    /// <summary>Nothing is written back to a disk for fsync(2); there is none.</summary>
    internal bool IsVolatile { get; private set; }

    internal bool ChecksByMode { get; private set; }

    /// <errors>EINVAL: an option is not understood, or asks for what there is not.</errors>
    /// <remarks>A comma in a path is escaped by a backslash, which also escapes itself.</remarks>
    internal Errno Apply(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            int end = EndOfOption(text);
            if (end > 0 && !TryApply(text[..end])) return Errno.EINVAL;
            text = end < text.Length ? text[(end + 1)..] : default;
        }

        return Errno.None;
    }

    /// <summary>The paths of the lower layers, the topmost first.</summary>
    internal List<byte[]> SplitLower()
    {
        List<byte[]> paths = [];
        ByteBuilder path = new();
        ReadOnlySpan<byte> text = Lower;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'\\' && i + 1 < text.Length)
            {
                path.Append(text[++i]);
            }
            else if (text[i] == (byte)':')
            {
                paths.Add(path.ToArray());
                path.Clear();
            }
            else
            {
                path.Append(text[i]);
            }
        }

        paths.Add(path.ToArray());
        return paths;
    }

    private static int EndOfOption(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'\\') i++;
            else if (text[i] == (byte)',') return i;
        }

        return text.Length;
    }

    private bool TryApply(ReadOnlySpan<byte> option)
    {
        int equals = option.IndexOf((byte)'=');
        ReadOnlySpan<byte> key = equals < 0 ? option : option[..equals];
        ReadOnlySpan<byte> value = equals < 0 ? default : option[(equals + 1)..];
        if (equals < 0) return TryApplyFlag(key);
        if (key.SequenceEqual("lowerdir"u8)) Lower = value.ToArray();
        else if (key.SequenceEqual("upperdir"u8)) Upper = Unescape(value);
        else if (key.SequenceEqual("workdir"u8)) Work = Unescape(value);
        else return IsKnownSwitch(key, value);
        return true;
    }

    private bool TryApplyFlag(ReadOnlySpan<byte> key)
    {
        if (key.SequenceEqual("userxattr"u8)) UsesUserAttributes = true;
        else if (key.SequenceEqual("volatile"u8)) IsVolatile = true;
        else if (key.SequenceEqual("default_permissions"u8)) ChecksByMode = true;
        else return false;
        return true;
    }

    // Where the file systems below cannot give handles to files, Linux falls back to "off", too, for the
    // first group. For the second there is no falling back: what is asked for must be there.
    private static bool IsKnownSwitch(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        bool isOff = value.SequenceEqual("off"u8);
        bool isOn = value.SequenceEqual("on"u8);
        if (key.SequenceEqual("index"u8) || key.SequenceEqual("nfs_export"u8) || key.SequenceEqual("uuid"u8))
        {
            return isOff || isOn;
        }

        if (key.SequenceEqual("xino"u8)) return isOff || isOn || value.SequenceEqual("auto"u8);
        if (key.SequenceEqual("metacopy"u8)) return isOff;
        return key.SequenceEqual("redirect_dir"u8)
            && (isOff || value.SequenceEqual("follow"u8) || value.SequenceEqual("nofollow"u8));
    }

    private static byte[] Unescape(ReadOnlySpan<byte> value)
    {
        ByteBuilder text = new();
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == (byte)'\\' && i + 1 < value.Length) i++;
            text.Append(value[i]);
        }

        return text.ToArray();
    }
}
