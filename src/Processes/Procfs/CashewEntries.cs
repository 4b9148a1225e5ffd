using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Runtime;

namespace Cashew.Processes;

/// <summary>/proc/cashew: what only this kernel has. A name and a number a line.</summary>
internal static class CashewEntries
{
    internal static void AddTo(ProcFilesystem proc)
    {
        proc.AddFile("cashew/gc"u8, GeneratedMode.OwnerWrites, new CollectorText());
        proc.AddText("cashew/frames"u8, AppendFrames);
    }

    private static void AppendFrames(ByteBuilder text)
    {
        Line(text, "total "u8, Frame.TotalCount);
        Line(text, "free "u8, Frame.FreeCount);
        Line(text, "page_tables "u8, PageTable.TableCount);
        Line(text, "heap "u8, Collector.HeapBytes / UserAddress.PageSizeBytes);
        Line(text, "reclaims "u8, MemoryPressure.Calls);
    }

    private static void Line(ByteBuilder text, ReadOnlySpan<byte> label, long value)
        => text.Append(label).Append(value).Append((byte)'\n');

    /// <summary>The kernel's garbage collector. Writing "collect" to it makes it collect before the writer is
    /// back in its program, so that live objects can be compared.</summary>
    private sealed class CollectorText : FileContents
    {
        public override Errno Append(ByteBuilder text, ref TextCursor cursor)
        {
            Line(text, "collections "u8, Collector.Count);
            Line(text, "live_bytes "u8, Collector.LiveBytes);
            Line(text, "live_objects "u8, Collector.LiveObjects);
            Line(text, "heap_bytes "u8, Collector.HeapBytes);
            Line(text, "allocated_bytes "u8, Collector.AllocatedBytes);
            Line(text, "pauses "u8, Collector.PauseCount);
            Line(text, "last_pause_ns "u8, Collector.LastPauseNs);
            Line(text, "p50_pause_ns "u8, Collector.P50PauseNs);
            Line(text, "p99_pause_ns "u8, Collector.P99PauseNs);
            Line(text, "max_pause_ns "u8, Collector.MaxPauseNs);
            Line(text, "max_step_ns "u8, Collector.MaxStepNs);
            cursor.Finish();
            return Errno.None;
        }

        /// <errors>EINVAL: another word.</errors>
        public override Errno Store(in FileCaller opener, ReadOnlySpan<byte> text)
        {
            if (!text.TrimEnd((byte)'\n').SequenceEqual("collect"u8)) return Errno.EINVAL;
            Collector.Request();
            return Errno.None;
        }
    }
}
