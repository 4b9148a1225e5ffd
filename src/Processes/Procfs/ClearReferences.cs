using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/PID/clear_refs: lets what smaps calls referenced, or the peak of VmHWM, begin
/// again.</summary>
/// <source>proc_pid_clear_refs(5).</source>
/// <deviation>4, soft-dirty bits, is EINVAL: they are not kept track of.</deviation>
internal static class ClearReferences
{
    private const int OfAll = 1;
    private const int OfAnonymous = 2;
    private const int OfFiles = 3;
    private const int Peak = 5;

    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor) => Errno.EINVAL;

    /// <errors>EINVAL: not one of the numbers.</errors>
    internal static Errno Store(Subject subject, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!StoredNumber.TryParse(text, OfAll, Peak, out long what)) return Errno.EINVAL;
        if (what is not (OfAll or OfAnonymous or OfFiles or Peak)) return Errno.EINVAL;
        if (subject.RetainMemory() is not { } memory) return Errno.None;
        if (what == Peak) memory.ForgetPeak();
        else memory.ClearAccessed(ofAnonymous: what != OfFiles, ofFiles: what != OfAnonymous);
        memory.Release();
        return Errno.None;
    }
}
