using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>/proc/PID/smaps, a mapping a piece, and the sum of all in smaps_rollup.</summary>
/// <source>proc_pid_smaps(5).</source>
/// <deviation>There is neither swap nor a hugetlbfs, and lazily freed pages are not told from others. "sd" of
/// VmFlags is not kept track of.</deviation>
internal static class SmapsText
{
    private const int LabelColumns = 16;
    private const int ValueColumns = 8;
    private const long KibibyteBytes = 1024;

    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        if (subject.RetainMemory() is not { } memory)
        {
            cursor.Finish();
            return Errno.None;
        }

        UserAddress from = new((ulong)cursor.Position);
        if (memory.TryMeasureNext(from, out VmaInfo mapping, out PageUsage usage))
        {
            MapsText.AppendLine(text, mapping, cursor.Opener.Context.Root);
            AppendMapping(text, mapping, usage);
            cursor.Position = (long)mapping.End.Value;
        }
        else
        {
            cursor.Finish();
        }

        memory.Release();
        return Errno.None;
    }

    /// <errors>ESRCH: there is no memory any more.</errors>
    internal static Errno AppendSum(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        if (subject.RetainMemory() is not { } memory) return Errno.ESRCH;
        PageUsage sum = default;
        UserAddress first = default;
        UserAddress at = default;
        while (memory.TryMeasureNext(at, out VmaInfo mapping, out PageUsage usage))
        {
            if (at.IsNull) first = mapping.Start;
            at = mapping.End;
            sum.Add(usage);
        }

        memory.Release();
        const int AddressDigits = 8;
        const int NameColumn = 73;
        int start = text.LengthBytes;
        text.AppendHex(first.Value, AddressDigits).Append((byte)'-').AppendHex(at.Value, AddressDigits);
        text.Append(" ---p 00000000 00:00 0 "u8).Pad(start + NameColumn - text.LengthBytes, (byte)' ');
        text.Append("[rollup]\n"u8);
        AppendUsage(text, sum, isSum: true);
        return Errno.None;
    }

    private static void AppendMapping(ByteBuilder text, in VmaInfo mapping, in PageUsage usage)
    {
        Size(text, "Size:"u8, (long)(mapping.End - mapping.Start));
        Size(text, "KernelPageSize:"u8, UserAddress.PageSizeBytes);
        Size(text, "MMUPageSize:"u8, UserAddress.PageSizeBytes);
        AppendUsage(text, usage, isSum: false);
        text.Append("THPeligible:    0\nVmFlags: "u8);
        AppendFlags(text, mapping);
        text.Append((byte)'\n');
    }

    private static void AppendUsage(ByteBuilder text, in PageUsage usage, bool isSum)
    {
        Size(text, "Rss:"u8, usage.Resident);
        Share(text, "Pss:"u8, usage.Proportional);
        Share(text, "Pss_Dirty:"u8, usage.ProportionalDirty);
        if (isSum)
        {
            Share(text, "Pss_Anon:"u8, usage.ProportionalAnonymous);
            Share(text, "Pss_File:"u8, usage.ProportionalFile);
            Share(text, "Pss_Shmem:"u8, usage.ProportionalSharedMemory);
        }

        Size(text, "Shared_Clean:"u8, usage.SharedClean);
        Size(text, "Shared_Dirty:"u8, usage.SharedDirty);
        Size(text, "Private_Clean:"u8, usage.PrivateClean);
        Size(text, "Private_Dirty:"u8, usage.PrivateDirty);
        Size(text, "Referenced:"u8, usage.Referenced);
        Size(text, "Anonymous:"u8, usage.Anonymous);
        Size(text, "LazyFree:"u8, 0);
        Size(text, "AnonHugePages:"u8, usage.Huge);
        Size(text, "ShmemPmdMapped:"u8, 0);
        Size(text, "FilePmdMapped:"u8, 0);
        Size(text, "Shared_Hugetlb:"u8, 0);
        Size(text, "Private_Hugetlb:"u8, 0);
        Size(text, "Swap:"u8, 0);
        Size(text, "SwapPss:"u8, 0);
        Share(text, "Locked:"u8, usage.ProportionalLocked);
    }

    /// <summary>Two letters for each thing that a mapping is, in Linux's order.</summary>
    private static void AppendFlags(ByteBuilder text, in VmaInfo mapping)
    {
        VmaFlags flags = mapping.Flags;
        Flag(text, (mapping.Rights & PageRights.Read) != 0, "rd "u8);
        Flag(text, (mapping.Rights & PageRights.Write) != 0, "wr "u8);
        Flag(text, (mapping.Rights & PageRights.Execute) != 0, "ex "u8);
        Flag(text, mapping.IsShared, "sh "u8);
        Flag(text, (mapping.MaximumRights & PageRights.Read) != 0, "mr "u8);
        Flag(text, (mapping.MaximumRights & PageRights.Write) != 0, "mw "u8);
        Flag(text, (mapping.MaximumRights & PageRights.Execute) != 0, "me "u8);
        Flag(text, mapping.IsShared, "ms "u8);
        Flag(text, (flags & VmaFlags.GrowsDown) != 0, "gd "u8);
        Flag(text, mapping.IsLocked, "lo "u8);
        Flag(text, (flags & VmaFlags.SequentialAccess) != 0, "sr "u8);
        Flag(text, (flags & VmaFlags.RandomAccess) != 0, "rr "u8);
        Flag(text, (flags & VmaFlags.DontFork) != 0, "dc "u8);
        Flag(text, (flags & VmaFlags.Special) != 0, "de "u8);
        Flag(text, (flags & VmaFlags.LockOnFault) != 0, "lf "u8);
        Flag(text, (flags & VmaFlags.Accounted) != 0, "ac "u8);
        Flag(text, (flags & VmaFlags.NoReserve) != 0, "nr "u8);
        Flag(text, (flags & VmaFlags.WipeOnFork) != 0, "wf "u8);
        Flag(text, (flags & VmaFlags.DontDump) != 0, "dd "u8);
        Flag(text, (flags & VmaFlags.WantsHugePages) != 0, "hg "u8);
        Flag(text, (flags & VmaFlags.RefusesHugePages) != 0, "nh "u8);
    }

    private static void Flag(ByteBuilder text, bool isSet, ReadOnlySpan<byte> letters)
    {
        if (isSet) text.Append(letters);
    }

    private static void Share(ByteBuilder text, ReadOnlySpan<byte> label, long share) =>
        Size(text, label, share >> PageUsage.FractionBits);

    private static void Size(ByteBuilder text, ReadOnlySpan<byte> label, long bytes)
    {
        text.Append(label).Pad(LabelColumns - label.Length, (byte)' ');
        text.Append(bytes / KibibyteBytes, ValueColumns).Append(" kB\n"u8);
    }
}
