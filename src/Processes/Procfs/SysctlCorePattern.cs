using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/sys/kernel/core_pattern.</summary>
/// <source>core(5).</source>
internal sealed class SysctlCorePattern : FileContents
{
    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
    {
        text.Append(CorePattern.Text).Append((byte)'\n');
        cursor.Finish();
        return Errno.None;
    }

    public override Errno Store(in FileCaller opener, ReadOnlySpan<byte> text) => CorePattern.Set(text);
}
