using System;

namespace Cashew.Files.Systems;

/// <summary>The options of a devpts mount.</summary>
/// <source>pts(4); mount(8), "Mount options for devpts".</source>
internal struct DevptsOptions
{
    private const uint PermissionMask = 0xFFF;

    // What max may be at most, and is unless it is given.
    private const int LinuxMaxPairs = 1 << 20;

    /// <summary>Whose new slaves are; null: of who opens the master.</summary>
    internal uint? Uid;

    internal uint? Gid;
    internal uint Mode;

    /// <summary>Of the node ptmx; zero unless asked for, so that /dev/ptmx is the way.</summary>
    internal uint MultiplexerMode;

    internal int MaxPairs;

    /// <summary>Whether somebody has set a limit.</summary>
    internal bool IsLimited;

    internal static DevptsOptions Default => new() { Mode = 0x180, MaxPairs = DevptsFilesystem.MaxPairs }; // 0600

    /// <summary>False: an option is unknown, or its value makes no sense.</summary>
    internal bool TryApply(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            int comma = text.IndexOf((byte)',');
            ReadOnlySpan<byte> option = comma < 0 ? text : text[..comma];
            text = comma < 0 ? default : text[(comma + 1)..];
            if (!option.IsEmpty && !TryApplyOne(option)) return false;
        }

        return true;
    }

    private bool TryApplyOne(ReadOnlySpan<byte> option)
    {
        // Each mount has its own terminals anyway.
        if (option.SequenceEqual("newinstance"u8)) return true;

        int equals = option.IndexOf((byte)'=');
        if (equals < 0) return false;
        ReadOnlySpan<byte> key = option[..equals];
        bool isMode = key.SequenceEqual("mode"u8) || key.SequenceEqual("ptmxmode"u8);
        if (!NumberText.TryParse(option[(equals + 1)..], isMode ? 8 : 10, out long number)) return false;
        if (key.SequenceEqual("mode"u8)) Mode = (uint)number & PermissionMask;
        else if (key.SequenceEqual("ptmxmode"u8)) MultiplexerMode = (uint)number & PermissionMask;
        else if (number >= uint.MaxValue) return false;
        else if (key.SequenceEqual("uid"u8)) Uid = (uint)number;
        else if (key.SequenceEqual("gid"u8)) Gid = (uint)number;
        else if (key.SequenceEqual("max"u8) && number <= LinuxMaxPairs) SetLimit(number);
        else return false;
        return true;
    }

    private void SetLimit(long pairs)
    {
        IsLimited = pairs < LinuxMaxPairs;
        MaxPairs = (int)long.Min(pairs, DevptsFilesystem.MaxPairs);
    }
}
