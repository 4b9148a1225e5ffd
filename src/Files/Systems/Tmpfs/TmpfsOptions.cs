using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>The options of a tmpfs mount.</summary>
/// <source>tmpfs(5).</source>
internal struct TmpfsOptions
{
    private const int PageBytes = UserAddress.PageSizeBytes;
    private const uint PermissionMask = 0xFFF;
    private const long MostPages = long.MaxValue / PageBytes;

    /// <summary>Pages that files may have together; zero for no limit.</summary>
    internal long MaxPages;

    /// <summary>Files; zero for no limit.</summary>
    internal long MaxInodes;

    /// <summary>When files are to have large pages: a word that is kept and shown, since here no file has
    /// any. Null:
    /// never.</summary>
    internal byte[]? HugePolicy;

    /// <summary>From which nodes of memory files are to have pages: there is one. Null: as their
    /// writers.</summary>
    internal byte[]? NodePolicy;

    /// <summary>Inode numbers are to fit into 32 bits.</summary>
    internal bool HasSmallNumbers;

    internal uint RootPermissions;
    internal uint RootUid;
    internal uint RootGid;

    /// <summary>Tmpfs rather than ramfs, which takes what it gets and ignores what it does not
    /// understand.</summary>
    internal bool HasLimits;

    /// <summary>Half of the memory, and as many files as it has pages.</summary>
    internal static TmpfsOptions Default => new()
    {
        MaxPages = Frame.TotalCount / 2,
        MaxInodes = Frame.TotalCount / 2,
        RootPermissions = 0x1FF | Mode.S_ISVTX,
        HasLimits = true,
    };

    /// <summary>Of a ramfs.</summary>
    internal static TmpfsOptions Unlimited => new() { RootPermissions = 0x1ED };

    /// <summary>Sets what the text names.</summary>
    /// <errors>EINVAL: an unknown option, or a value that makes no sense.</errors>
    internal Errno Apply(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            int comma = text.IndexOf((byte)',');
            ReadOnlySpan<byte> option = comma < 0 ? text : text[..comma];
            text = comma < 0 ? default : text[(comma + 1)..];
            if (!option.IsEmpty && !TryApply(option)) return Errno.EINVAL;
        }

        return Errno.None;
    }

    private bool TryApply(ReadOnlySpan<byte> option)
    {
        int equals = option.IndexOf((byte)'=');
        ReadOnlySpan<byte> key = equals < 0 ? option : option[..equals];
        ReadOnlySpan<byte> value = equals < 0 ? default : option[(equals + 1)..];
        if (!HasLimits) return !key.SequenceEqual("mode"u8) || TryParseMode(value);

        long number;
        switch (key)
        {
            case var name when name.SequenceEqual("inode64"u8):
                HasSmallNumbers = false;
                return equals < 0;
            case var name when name.SequenceEqual("inode32"u8):
                HasSmallNumbers = true;
                return equals < 0;
            case var name when name.SequenceEqual("huge"u8):
                return TryParseHuge(value);
            case var name when name.SequenceEqual("mpol"u8):
                return TryParseNodes(value);
            case var name when name.SequenceEqual("size"u8):
                if (!TryParseSize(value, out number)) return false;
                MaxPages = number / PageBytes + (number % PageBytes == 0 ? 0 : 1);
                return true;
            case var name when name.SequenceEqual("nr_blocks"u8):
                return TryParseScaled(value, out MaxPages) && MaxPages <= MostPages;
            case var name when name.SequenceEqual("nr_inodes"u8):
                return TryParseScaled(value, out MaxInodes);
            case var name when name.SequenceEqual("mode"u8):
                return TryParseMode(value);
            case var name when name.SequenceEqual("uid"u8):
                return TryParseId(value, ref RootUid);
            case var name when name.SequenceEqual("gid"u8):
                return TryParseId(value, ref RootGid);
            default:
                return false;
        }
    }

    private bool TryParseHuge(ReadOnlySpan<byte> text)
    {
        HugePolicy = null;
        if (text.SequenceEqual("never"u8)) return true;
        bool isKnown = text.SequenceEqual("always"u8) || text.SequenceEqual("within_size"u8)
            || text.SequenceEqual("advise"u8);
        if (isKnown) HugePolicy = text.ToArray();
        return isKnown;
    }

    /// <source>tmpfs(5), mpol: the one node is 0, and all nodes are that.</source>
    private bool TryParseNodes(ReadOnlySpan<byte> text)
    {
        NodePolicy = null;
        if (text.SequenceEqual("default"u8)) return true;
        if (text.SequenceEqual("prefer"u8)) text = "local"u8;
        else if (text.SequenceEqual("interleave"u8)) text = "interleave:0"u8;
        bool isKnown = text.SequenceEqual("local"u8) || text.SequenceEqual("prefer:0"u8)
            || text.SequenceEqual("bind:0"u8) || text.SequenceEqual("interleave:0"u8);
        if (isKnown) NodePolicy = text.ToArray();
        return isKnown;
    }

    private bool TryParseMode(ReadOnlySpan<byte> text)
    {
        if (!NumberText.TryParse(text, 8, out long number)) return false;
        RootPermissions = (uint)number & PermissionMask;
        return true;
    }

    private static bool TryParseId(ReadOnlySpan<byte> text, ref uint id)
    {
        if (!NumberText.TryParse(text, 10, out long number) || number >= uint.MaxValue) return false;
        id = (uint)number;
        return true;
    }

    private static bool TryParseSize(ReadOnlySpan<byte> text, out long bytes)
    {
        if (text.IsEmpty || text[^1] != (byte)'%') return TryParseScaled(text, out bytes);

        if (!NumberText.TryParse(text[..^1], 10, out long percent) || percent > 10_000)
        {
            bytes = 0;
            return false;
        }

        bytes = Frame.TotalCount * PageBytes / 100 * percent;
        return true;
    }

    private static bool TryParseScaled(ReadOnlySpan<byte> text, out long value)
    {
        int shift = text.IsEmpty ? 0 : (text[^1] | 0x20) switch
        {
            'k' => 10,
            'm' => 20,
            'g' => 30,
            't' => 40,
            _ => 0,
        };
        if (shift > 0) text = text[..^1];
        if (!NumberText.TryParse(text, 10, out value) || value > long.MaxValue >> shift) return false;
        value <<= shift;
        return true;
    }
}
