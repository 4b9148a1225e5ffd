using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Syscalls;

/// <summary>The texts that mount(2) takes, copied out of the program's reach. A null address is an empty
/// text.</summary>
internal readonly struct MountText
{
    // mount(2), "data" is at most a page; its last byte is taken for the end whatever it is.
    private const int DataBytes = UserAddress.PageSizeBytes;

    private readonly byte[]? _source;
    private readonly byte[]? _type;
    private readonly byte[]? _options;

    private MountText(byte[]? source, byte[]? type, byte[]? options)
    {
        _source = source;
        _type = type;
        _options = options;
    }

    internal ReadOnlySpan<byte> Source => _source;
    internal ReadOnlySpan<byte> Type => _type;
    internal ReadOnlySpan<byte> Options => _options;

    /// <summary>Whether there was a type, if only an empty one.</summary>
    internal bool HasType => _type is not null;

    /// <errors>EFAULT. EINVAL: a name without an end.</errors>
    internal static bool TryCopy(
        UserAddress source, UserAddress type, UserAddress data, out MountText text, out Errno error)
    {
        text = default;
        if (!TryCopyName(type, out byte[]? typeName, out error)) return false;
        if (!TryCopyName(source, out byte[]? sourceName, out error)) return false;
        if (!TryCopyData(data, out byte[]? options, out error)) return false;
        text = new MountText(sourceName, typeName, options);
        return true;
    }

    private static bool TryCopyName(UserAddress address, out byte[]? name, out Errno error)
    {
        name = null;
        error = Errno.None;
        if (address.IsNull) return true;
        if (!UserPath.TryCopy(address, out UserPath copied, out error))
        {
            // Where a path is too long, such a name is no good.
            if (error == Errno.ENAMETOOLONG) error = Errno.EINVAL;
            return false;
        }

        using (copied) name = copied.Bytes.ToArray();
        return true;
    }

    /// <summary>The page may end where the program's memory does.</summary>
    private static bool TryCopyData(UserAddress address, out byte[]? data, out Errno error)
    {
        data = null;
        error = Errno.None;
        if (address.IsNull) return true;

        byte[] page = new byte[DataBytes];
        int length = UserMemory.CopyIn(page, address);
        if (length == 0)
        {
            error = Errno.EFAULT;
            return false;
        }

        ReadOnlySpan<byte> copied = page.AsSpan(0, int.Min(length, DataBytes - 1));
        int end = copied.IndexOf((byte)0);
        data = (end < 0 ? copied : copied[..end]).ToArray();
        return true;
    }
}
