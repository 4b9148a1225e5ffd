using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>/proc/PID/io: what was read and written by system calls.</summary>
/// <source>proc_pid_io(5). No file here is on a device: nothing is read from one, or written to one.</source>
internal static class IoText
{
    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        IoCounters counters = Read(subject);
        Line(text, "rchar: "u8, counters.BytesRead);
        Line(text, "wchar: "u8, counters.BytesWritten);
        Line(text, "syscr: "u8, counters.ReadCalls);
        Line(text, "syscw: "u8, counters.WriteCalls);
        Line(text, "read_bytes: "u8, 0);
        Line(text, "write_bytes: "u8, 0);
        Line(text, "cancelled_write_bytes: "u8, 0);
        return Errno.None;
    }

    private static IoCounters Read(Subject subject)
    {
        if (subject.IsTask) return subject.Thread?.Io ?? default;
        Process process = subject.Process;
        using SpinLock.Guard guard = process.SignalState.Lock.Acquire();
        IoCounters counters = process.Accounting.EndedThreadsIo;
        for (UserThread? thread = process.FirstThread; thread is not null; thread = thread.NextThread)
            counters.Add(thread.Io);
        return counters;
    }

    private static void Line(ByteBuilder text, ReadOnlySpan<byte> label, long value) =>
        text.Append(label).Append(value).Append((byte)'\n');
}
