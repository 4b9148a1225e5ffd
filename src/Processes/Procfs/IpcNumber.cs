using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>A number without sign in /proc/sys that can be set.</summary>
/// <source>proc_sys_kernel(5), shmmax and shmall.</source>
internal sealed class IpcNumber(Func<ulong> read, Action<ulong> store) : FileContents
{
    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
    {
        text.Append(read()).Append((byte)'\n');
        cursor.Finish();
        return Errno.None;
    }

    /// <errors>EINVAL: no number, or too large.</errors>
    public override Errno Store(in FileCaller opener, ReadOnlySpan<byte> text)
    {
        text = text.Trim((byte)'\n');
        if (text.IsEmpty) return Errno.EINVAL;
        ulong value = 0;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9') return Errno.EINVAL;
            if (value > (ulong.MaxValue - (ulong)(digit - '0')) / 10) return Errno.EINVAL;
            value = value * 10 + (ulong)(digit - '0');
        }

        store(value);
        return Errno.None;
    }
}
