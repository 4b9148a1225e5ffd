using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>/proc/sys/vm/drop_caches: forgets what could be had again, for those who measure.</summary>
/// <source>proc_sys_vm(5).</source>
internal sealed class DropCaches : FileContents
{
    private const long Pages = 1;
    private const long Objects = 2;

    /// <summary>Linux: and says no more about it in the log. Nothing is said here anyway.</summary>
    private const long Quietly = 4;

    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        return Errno.None;
    }

    /// <errors>EINVAL: no number, or out of bounds.</errors>
    public override Errno Store(in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!StoredNumber.TryParse(text, 1, Quietly, out long what)) return Errno.EINVAL;
        if ((what & Pages) != 0) MemoryPressure.DropPages();
        if ((what & Objects) != 0) MemoryPressure.DropObjects();
        return Errno.None;
    }
}
