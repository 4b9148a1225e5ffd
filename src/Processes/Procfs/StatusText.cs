using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>/proc/PID/status: the same as stat and statm, and more, for people.</summary>
/// <source>proc_pid_status(5).</source>
internal static class StatusText
{
    private const int MaskDigits = 16;
    private const int SizeColumns = 8;
    private const int KibibytesPerPage = UserAddress.PageSizeBytes / 1024;

    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        AppendIdentity(subject, text);
        AppendCredentials(subject, text);
        if (subject.RetainMemory() is { } memory)
        {
            AppendMemory(text, memory);
            memory.Release();
        }

        AppendSignals(subject, text);
        AppendCapabilities(subject, text);
        AppendScheduling(subject, text);
        return Errno.None;
    }

    private static void AppendIdentity(Subject subject, ByteBuilder text)
    {
        Process process = subject.Process;
        text.Append("Name:\t"u8);
        AppendEscapedName(text, subject.Name);
        if (subject.Thread?.FilesystemOrNone is { } context)
            text.Append("\nUmask:\t"u8).AppendOctal(context.Umask, 4);
        text.Append("\nState:\t"u8).Append(StateText.Describe(StateText.Letter(subject)));
        Line(text, "\nTgid:\t"u8, process.Id);
        Line(text, "\nNgid:\t"u8, 0);
        Line(text, "\nPid:\t"u8, subject.Id);
        Line(text, "\nPPid:\t"u8, process.Parent?.Id ?? 0);
        Line(text, "\nTracerPid:\t"u8, subject.Thread?.Tracee?.Tracer?.Id ?? 0);
    }

    private static void AppendCredentials(Subject subject, ByteBuilder text)
    {
        Credentials credentials = subject.Credentials;
        Ids(text, "\nUid:"u8, credentials.Uid, credentials.Euid, credentials.Suid, credentials.Fsuid);
        Ids(text, "\nGid:"u8, credentials.Gid, credentials.Egid, credentials.Sgid, credentials.Fsgid);
        Line(text, "\nFDSize:\t"u8, subject.Thread?.DescriptorsOrNone?.Capacity ?? 0);
        text.Append("\nGroups:\t"u8);
        foreach (uint group in credentials.Groups) text.Append((long)group).Append((byte)' ');

        // There is one namespace of numbers: its innermost and its outermost are the same.
        Line(text, "\nNStgid:\t"u8, subject.Process.Id);
        Line(text, "\nNSpid:\t"u8, subject.Id);
        Line(text, "\nNSpgid:\t"u8, subject.Process.Group.Id);
        Line(text, "\nNSsid:\t"u8, subject.Process.Session.Id);
        text.Append((byte)'\n');
    }

    private static void AppendMemory(ByteBuilder text, AddressSpace memory)
    {
        SpaceSizes sizes = memory.Sizes;
        ResidentPages resident = memory.Resident;
        Size(text, "VmPeak:\t"u8, sizes.PeakTotal);
        Size(text, "VmSize:\t"u8, sizes.Total);
        Size(text, "VmLck:\t"u8, sizes.Locked);
        Size(text, "VmPin:\t"u8, 0);
        Size(text, "VmHWM:\t"u8, Math.Max(memory.PeakResidentPages, resident.Total));
        Size(text, "VmRSS:\t"u8, resident.Total);
        Size(text, "RssAnon:\t"u8, resident.Anonymous);
        Size(text, "RssFile:\t"u8, resident.File);
        Size(text, "RssShmem:\t"u8, resident.SharedMemory);
        Size(text, "VmData:\t"u8, sizes.Data);
        Size(text, "VmStk:\t"u8, sizes.Stack);
        ulong codeBytes = memory.Areas.CodeEnd.PageUp - memory.Areas.CodeStart.PageDown;
        long code = (long)(codeBytes / UserAddress.PageSizeBytes);
        Size(text, "VmExe:\t"u8, code);
        Size(text, "VmLib:\t"u8, Math.Max(0, sizes.Executable - code));
        Size(text, "VmPTE:\t"u8, memory.Table.TableFrameCount);
        Size(text, "VmSwap:\t"u8, 0);
        text.Append("CoreDumping:\t0\nTHP_enabled:\t"u8);
        text.Append(memory.RefusesHugePages ? "0\n"u8 : "1\n"u8);
    }

    private static void AppendSignals(Subject subject, ByteBuilder text)
    {
        SignalView view = SignalView.Of(subject);
        text.Append("Threads:\t"u8).Append((long)subject.Process.ThreadCount);
        UserAccount account = subject.Thread?.Account ?? subject.Process.LastAccount;
        text.Append("\nSigQ:\t"u8).Append((long)account.SignalCount);
        text.Append((byte)'/').Append(subject.Process.Limits.Soft(RlimitResource.RLIMIT_SIGPENDING));
        Mask(text, "\nSigPnd:\t"u8, view.OwnPending.Bits);
        Mask(text, "\nShdPnd:\t"u8, view.SharedPending.Bits);
        Mask(text, "\nSigBlk:\t"u8, view.Blocked.Bits);
        Mask(text, "\nSigIgn:\t"u8, view.Ignored.Bits);
        Mask(text, "\nSigCgt:\t"u8, view.Caught.Bits);
    }

    private static void AppendCapabilities(Subject subject, ByteBuilder text)
    {
        Credentials credentials = subject.Credentials;
        Mask(text, "\nCapInh:\t"u8, credentials.Inheritable.Bits);
        Mask(text, "\nCapPrm:\t"u8, credentials.Permitted.Bits);
        Mask(text, "\nCapEff:\t"u8, credentials.Effective.Bits);
        Mask(text, "\nCapBnd:\t"u8, credentials.Bounding.Bits);
        Mask(text, "\nCapAmb:\t"u8, credentials.Ambient.Bits);
        Line(text, "\nNoNewPrivs:\t"u8, subject.Thread is { HasNoNewPrivileges: true } ? 1 : 0);
        Line(text, "\nSeccomp:\t"u8, subject.Thread?.SeccompMode ?? 0);
        Line(text, "\nSeccomp_filters:\t"u8, subject.Thread?.SeccompFilter?.Count ?? 0);
        text.Append("\n"u8);
    }

    private static void AppendScheduling(Subject subject, ByteBuilder text)
    {
        ulong allowed = ProcessorMask.Existing & (subject.Thread?.AffinityMask ?? ulong.MaxValue);
        text.Append("Cpus_allowed:\t"u8).AppendHex(allowed);
        text.Append("\nCpus_allowed_list:\t"u8);
        ProcessorMask.AppendList(text, allowed);
        text.Append("\nMems_allowed:\t1\nMems_allowed_list:\t0"u8);
        ResourceUsage usage = subject.Thread is { } thread
            ? ResourceUsage.Of(thread)
            : ProcessAccounting.OfProcess(subject.Process);
        Line(text, "\nvoluntary_ctxt_switches:\t"u8, usage.VoluntarySwitches);
        Line(text, "\nnonvoluntary_ctxt_switches:\t"u8, usage.InvoluntarySwitches);
        text.Append((byte)'\n');
    }

    /// <summary>A name may hold anything: newlines and backslashes are escaped, so that a line stays
    /// one.</summary>
    private static void AppendEscapedName(ByteBuilder text, CommandName name)
    {
        Span<byte> bytes = stackalloc byte[CommandName.MaxLengthBytes];
        foreach (byte value in bytes[..name.CopyTo(bytes)])
        {
            if (value == (byte)'\n') text.Append("\\n"u8);
            else if (value == (byte)'\\') text.Append("\\\\"u8);
            else text.Append(value);
        }
    }

    private static void Line(ByteBuilder text, ReadOnlySpan<byte> label, long value)
        => text.Append(label).Append(value);

    private static void Ids(
        ByteBuilder text, ReadOnlySpan<byte> label, uint real, uint effective, uint saved, uint files)
    {
        text.Append(label).Append((byte)'\t').Append((long)real).Append((byte)'\t').Append((long)effective);
        text.Append((byte)'\t').Append((long)saved).Append((byte)'\t').Append((long)files);
    }

    private static void Size(ByteBuilder text, ReadOnlySpan<byte> label, long pages)
        => text.Append(label).Append(pages * KibibytesPerPage, SizeColumns).Append(" kB\n"u8);

    private static void Mask(ByteBuilder text, ReadOnlySpan<byte> label, ulong bits)
        => text.Append(label).AppendHex(bits, MaskDigits);
}
