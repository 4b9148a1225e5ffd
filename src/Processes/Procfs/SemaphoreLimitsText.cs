using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/sys/kernel/sem: four numbers, of which a write may set the first ones only.</summary>
/// <source>proc_sys_kernel(5)</source>
internal sealed class SemaphoreLimitsText : FileContents
{
    private const int Numbers = 4;

    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
    {
        text.Append((long)IpcLimits.SemaphoresOfSet).Append((byte)'\t').Append((long)IpcLimits.Semaphores);
        text.Append((byte)'\t').Append((long)IpcLimits.OperationsOfCall).Append((byte)'\t');
        text.Append((long)IpcLimits.Sets).Append((byte)'\n');
        cursor.Finish();
        return Errno.None;
    }

    /// <errors>EINVAL: no numbers, or out of bounds.</errors>
    public override Errno Store(in FileCaller opener, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<int> most = [IpcLimits.MostObjects, int.MaxValue, IpcLimits.MostObjects, IpcLimits.MostObjects];
        Span<int> values = stackalloc int[Numbers];
        int count = 0;
        while (count < Numbers && TryTakeWord(ref text, out ReadOnlySpan<byte> word))
        {
            if (!StoredNumber.TryParse(word, 0, most[count], out long value)) return Errno.EINVAL;
            values[count++] = (int)value;
        }

        if (count == 0) return Errno.EINVAL;
        IpcLimits.SemaphoresOfSet = values[0];
        if (count > 1) IpcLimits.Semaphores = values[1];
        if (count > 2) IpcLimits.OperationsOfCall = values[2];
        if (count > 3) IpcLimits.Sets = values[3];
        return Errno.None;
    }

    private static bool TryTakeWord(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> word)
    {
        int start = 0;
        while (start < text.Length && IsBlank(text[start])) start++;
        int end = start;
        while (end < text.Length && !IsBlank(text[end])) end++;
        word = text[start..end];
        text = text[end..];
        return !word.IsEmpty;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n';
}
