using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>The small files of a process.</summary>
internal static class MiscellaneousTexts
{
    private const int MaxAdjustment = 1000;
    private const int PersonalityDigits = 8;

    // The scale of /proc/PID/oom_adj.
    private const int OldScale = 17;
    private const int OldMax = 15;

    /// <source>proc_pid_auxv(5).</source>
    internal static Errno AppendAuxiliaryVector(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        foreach (ulong word in subject.Process.Image.Auxiliary)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, word);
            text.Append(bytes);
        }

        return Errno.None;
    }

    /// <source>proc_pid_oom_score(5).</source>
    internal static Errno AppendOomScore(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append(OutOfMemory.Score(subject.Process)).Append((byte)'\n');
        return Errno.None;
    }

    /// <source>proc_pid_oom_score_adj(5).</source>
    internal static Errno AppendOomAdjustment(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append((long)subject.Process.OomScoreAdjustment).Append((byte)'\n');
        return Errno.None;
    }

    /// <errors>EINVAL: no number from -1000 to 1000. EACCES: without CAP_SYS_RESOURCE, lower than the last
    /// value that was set with it.</errors>
    internal static Errno StoreOomAdjustment(Subject subject, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!StoredNumber.TryParse(text, -MaxAdjustment, MaxAdjustment, out long value)) return Errno.EINVAL;
        bool isPrivileged = opener.Credentials.Has(Capability.CAP_SYS_RESOURCE);
        if (value < subject.Process.OomScoreLeast && !isPrivileged) return Errno.EACCES;
        subject.Process.OomScoreAdjustment = (int)value;
        if (isPrivileged) subject.Process.OomScoreLeast = (int)value;
        return Errno.None;
    }

    /// <source>proc_pid_personality(5).</source>
    internal static Errno AppendPersonality(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.AppendHex(subject.Thread?.Personality ?? 0, PersonalityDigits).Append((byte)'\n');
        return Errno.None;
    }

    /// <summary>Where a thread sleeps in the kernel: this one has no names for that, which is written as
    /// zero.</summary>
    /// <source>proc_pid_wchan(5).</source>
    internal static Errno AppendWaitChannel(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append((byte)'0');
        return Errno.None;
    }

    /// <source>proc_pid_timerslack_ns(5).</source>
    internal static Errno AppendTimerSlack(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append(subject.Thread?.TimerSlackNs ?? 0).Append((byte)'\n');
        return Errno.None;
    }

    /// <errors>EINVAL: no number. EPERM: another process's, without CAP_SYS_NICE.</errors>
    /// <source>proc_pid_timerslack_ns(5): zero is the usual value.</source>
    internal static Errno StoreTimerSlack(Subject subject, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!StoredNumber.TryParse(text, 0, long.MaxValue, out long value)) return Errno.EINVAL;
        if (!subject.IsOwn && !opener.Credentials.Has(Capability.CAP_SYS_NICE)) return Errno.EPERM;
        if (subject.Thread is not { } thread) return Errno.ESRCH;
        thread.TimerSlackNs = value == 0 ? UserThread.DefaultTimerSlackNs : (ulong)value;
        return Errno.None;
    }

    /// <summary>The adjustment on the scale of old, from -17 to 15.</summary>
    /// <source>proc_pid_oom_adj(5).</source>
    internal static Errno AppendOldOomAdjustment(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        int adjustment = subject.Process.OomScoreAdjustment;
        long old = adjustment == MaxAdjustment ? OldMax : adjustment * OldScale / MaxAdjustment;
        text.Append(old).Append((byte)'\n');
        return Errno.None;
    }

    /// <errors>EINVAL: no number from -17 to 15. EACCES: lower than it is, without CAP_SYS_RESOURCE.</errors>
    internal static Errno StoreOldOomAdjustment(Subject subject, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!StoredNumber.TryParse(text, -OldScale, OldMax, out long value)) return Errno.EINVAL;
        long adjustment = value == OldMax ? MaxAdjustment : value * MaxAdjustment / OldScale;
        bool isLower = adjustment < subject.Process.OomScoreAdjustment;
        if (isLower && !opener.Credentials.Has(Capability.CAP_SYS_RESOURCE)) return Errno.EACCES;
        subject.Process.OomScoreAdjustment = (int)adjustment;
        return Errno.None;
    }

    /// <source>core(5), "Controlling which mappings are written to the core dump".</source>
    internal static Errno AppendDumpFilter(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        if (subject.RetainMemory() is not { } memory) return Errno.None;
        text.AppendHex(memory.DumpFilter, PersonalityDigits).Append((byte)'\n');
        memory.Release();
        return Errno.None;
    }

    /// <errors>EINVAL: no number. ESRCH: there is no memory any more.</errors>
    internal static Errno StoreDumpFilter(Subject subject, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!StoredNumber.TryParseAnyBase(text, out uint value)) return Errno.EINVAL;
        if (subject.RetainMemory() is not { } memory) return Errno.ESRCH;
        memory.DumpFilter = value & CoreSegments.KnownFilter;
        memory.Release();
        return Errno.None;
    }

    /// <summary>Nobody logs in by way of an audit system, which is written as the highest number, without a
    /// new line.
    /// </summary>
    internal static Errno AppendNoLogin(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append((ulong)uint.MaxValue);
        return Errno.None;
    }

    /// <summary>The processes that a thread has made, with blanks between their numbers.</summary>
    /// <source>proc_tid_children(5).</source>
    internal static Errno AppendChildren(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        const int childrenPerPiece = 64;
        Span<int> ids = stackalloc int[childrenPerPiece];
        int count = ProcessTree.ListChildren(subject.Process, subject.Thread, (int)cursor.Position, ids);
        foreach (int id in ids[..count]) text.Append((long)id).Append((byte)' ');
        if (count < childrenPerPiece) cursor.Finish();
        else cursor.Position = ids[count - 1] + 1;
        return Errno.None;
    }
}
