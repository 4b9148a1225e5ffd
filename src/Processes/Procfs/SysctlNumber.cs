using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>A number in /proc/sys that can be set.</summary>
/// <source>proc_sys(5). Permission bits decide who may.</source>
public sealed class SysctlNumber(Func<long> read, Action<long> store, long least, long greatest)
    : FileContents
{
    private readonly Func<long> _read = read;
    private readonly Action<long> _store = store;
    private readonly long _least = least;
    private readonly long _greatest = greatest;

    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
    {
        text.Append(_read()).Append((byte)'\n');
        cursor.Finish();
        return Errno.None;
    }

    /// <errors>EINVAL: no number, or out of bounds.</errors>
    public override Errno Store(in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!StoredNumber.TryParse(text, _least, _greatest, out long value)) return Errno.EINVAL;
        _store(value);
        return Errno.None;
    }
}
