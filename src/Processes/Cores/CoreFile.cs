using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Writes the memory and the registers of a process that a signal ends to a file.</summary>
/// <source>core(5); elf(5), ET_CORE.</source>
/// <deviation>With fs.suid_dumpable = 2 no file is written.</deviation>
internal static class CoreFile
{
    private const int HeaderBytes = 64;
    private const int TableEntryBytes = 56;
    private const uint OwnerMode = 0x180; // 0600
    private const uint ModeMask = 0x1BF; // 0677: the owner may execute it

    /// <summary>Ends the process with the signal, after its core is written, if it may be. The caller
    /// exits.</summary>
    internal static void EndProcess(UserThread thread, in SignalInfo info)
    {
        Process process = thread.Process;
        ulong limit = process.Limits.Soft(RlimitResource.RLIMIT_CORE);
        bool mayDump = limit >= UserAddress.PageSizeBytes && process.Dumpable == 1 && !CorePattern.Text.IsEmpty;
        CoreRendezvous? rendezvous = mayDump ? new CoreRendezvous(process) : null;
        if (!GroupExit.TryBegin(process, WaitStatus.Signaled(info.Number, CoreDump.None), rendezvous)) return;
        if (rendezvous is null) return;

        rendezvous.WaitForOthers();
        if (TryWrite(thread, info, rendezvous.List(thread), (long)Math.Min(limit, long.MaxValue)))
            GroupExit.ReplaceStatus(process, WaitStatus.Signaled(info.Number, CoreDump.Made));
        rendezvous.End();
    }

    /// <summary>True as soon as there is a file: one that is cut off counts as well.</summary>
    private static bool TryWrite(UserThread thread, in SignalInfo info, List<UserThread> threads, long limitBytes)
    {
        if (!TryOpen(thread, info.Number, out OpenFile? file)) return false;
        CoreWriter writer = new(file, limitBytes);
        Write(writer, info, threads, thread.Process.Memory!);
        writer.End();
        file.Release();
        return true;
    }

    /// <summary>A new file in the place of any old one; or if that cannot go, the old one, if it is nobody
    /// else's and has no other name.</summary>
    private static bool TryOpen(UserThread thread, int signal, [NotNullWhen(true)] out OpenFile? file)
    {
        const uint Flags = OpenBits.O_CREAT | OpenBits.O_RDWR | OpenBits.O_NOFOLLOW | OpenBits.O_NOCTTY
            | OpenBits.O_NONBLOCK;
        FileCaller caller = thread.FileCaller;
        ReadOnlySpan<byte> path = CorePattern.Expand(thread, signal).Written;
        _ = FileTree.Unlink(caller, default, path); // It need not be there; what is in the way shows below.
        if (!FileTree.TryOpen(caller, default, path, Flags, OwnerMode, out file, out _)) return false;

        Inode inode = file.Inode;
        bool isOurs = inode.IsRegular && inode.LinkCount == 1 && inode.Uid == caller.Credentials.Fsuid
            && (inode.Mode & ModeMask) == OwnerMode;
        if (isOurs && inode.SetLength(0) == Errno.None) return true;
        file.Release();
        return false;
    }

    private static void Write(CoreWriter writer, in SignalInfo info, List<UserThread> threads, AddressSpace memory)
    {
        ByteBuilder firstNotes = new();
        CoreNotes first = new(firstNotes);
        first.AppendFirst(threads[0], info);
        // The notes of the others are all of one size, and are made one after the other.
        long noteBytes = firstNotes.LengthBytes + (threads.Count - 1) * (long)LengthOfOther(threads, info);

        int segmentCount = 0;
        UserAddress at = default;
        while (memory.TryGetNext(at, out VmaInfo counted))
        {
            at = counted.End;
            segmentCount++;
        }

        writer.Write(Header(segmentCount + 1));
        long dataStart = HeaderBytes + (segmentCount + 1) * (long)TableEntryBytes + noteBytes;
        dataStart = (dataStart + UserAddress.PageSizeBytes - 1) & -UserAddress.PageSizeBytes;
        writer.Write(NoteEntry(HeaderBytes + (segmentCount + 1) * (long)TableEntryBytes, noteBytes));
        WriteTable(writer, memory, segmentCount, dataStart);

        writer.Write(firstNotes.Written);
        for (int i = 1; i < threads.Count; i++) writer.Write(NotesOfOther(threads[i], info).Written);
        if (dataStart > writer.Position) writer.Skip(dataStart - writer.Position);
        WriteMemory(writer, memory, segmentCount);
    }

    private static int LengthOfOther(List<UserThread> threads, in SignalInfo info) =>
        threads.Count > 1 ? NotesOfOther(threads[1], info).LengthBytes : 0;

    private static ByteBuilder NotesOfOther(UserThread thread, in SignalInfo info)
    {
        ByteBuilder text = new();
        new CoreNotes(text).AppendOther(thread, info.Number);
        return text;
    }

    private static ReadOnlySpan<byte> Header(int segmentCount)
    {
        ElfHeader[] header =
        [
            new ElfHeader
            {
                e_type = (ushort)Elf.ET_CORE,
                e_machine = (ushort)Elf.EM_X86_64,
                e_version = 1,
                e_phoff = HeaderBytes,
                e_ehsize = HeaderBytes,
                e_phentsize = TableEntryBytes,
                e_phnum = (ushort)segmentCount, // at most 65531 mappings and the notes: it fits
            },
        ];
        Span<byte> bytes = MemoryMarshal.AsBytes(header.AsSpan());
        ReadOnlySpan<byte> identification = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identification.CopyTo(bytes);
        return bytes;
    }

    private static ReadOnlySpan<byte> NoteEntry(long offset, long lengthBytes) => Entry(new ElfProgramHeader
    {
        p_type = Elf.PT_NOTE,
        p_offset = (ulong)offset,
        p_filesz = (ulong)lengthBytes,
        p_align = 4,
    });

    private static ReadOnlySpan<byte> Entry(ElfProgramHeader entry)
    {
        ElfProgramHeader[] one = [entry];
        return MemoryMarshal.AsBytes(one.AsSpan());
    }

    /// <summary>Other threads wait, but a process that shares the memory may still change it: no more entries
    /// are written than there is room for.</summary>
    private static void WriteTable(CoreWriter writer, AddressSpace memory, int count, long offset)
    {
        UserAddress at = default;
        for (int i = 0; i < count; i++)
        {
            ElfProgramHeader entry = new() { p_type = Elf.PT_NULL };
            if (memory.TryMeasureNext(at, out VmaInfo mapping, out PageUsage usage))
            {
                at = mapping.End;
                ulong dumped = CoreSegments.DumpedBytes(mapping, usage, memory.DumpFilter);
                entry = new ElfProgramHeader
                {
                    p_type = Elf.PT_LOAD,
                    p_flags = Rights(mapping.Rights),
                    p_offset = (ulong)offset,
                    p_vaddr = mapping.Start.Value,
                    p_filesz = dumped,
                    p_memsz = mapping.End - mapping.Start,
                    p_align = UserAddress.PageSizeBytes,
                };
                offset += (long)dumped;
            }

            writer.Write(Entry(entry));
        }
    }

    private static uint Rights(PageRights rights)
    {
        uint flags = (rights & PageRights.Read) != 0 ? Elf.PF_R : 0;
        if ((rights & PageRights.Write) != 0) flags |= Elf.PF_W;
        return (rights & PageRights.Execute) != 0 ? flags | Elf.PF_X : flags;
    }

    private static void WriteMemory(CoreWriter writer, AddressSpace memory, int count)
    {
        UserAddress at = default;
        for (int i = 0; i < count && memory.TryMeasureNext(at, out VmaInfo mapping, out PageUsage usage); i++)
        {
            at = mapping.End;
            ulong dumped = CoreSegments.DumpedBytes(mapping, usage, memory.DumpFilter);
            WriteRange(writer, memory, mapping.Start, mapping.Start + dumped);
        }
    }

    /// <summary>Only pages that are there: the rest is zeros, and a hole in the file.</summary>
    private static void WriteRange(CoreWriter writer, AddressSpace memory, UserAddress at, UserAddress end)
    {
        const int BatchPages = 64;
        Span<byte> present = stackalloc byte[BatchPages];
        while (at < end && !writer.HasFailed)
        {
            int count = (int)Math.Min((end - at) / UserAddress.PageSizeBytes, BatchPages);
            if (memory.FindResident(at, present[..count]) != Errno.None) present.Clear();
            for (int i = 0; i < count; i++)
            {
                if (present[i] != 0) writer.WritePage(memory, at);
                else writer.Skip(UserAddress.PageSizeBytes);
                at += UserAddress.PageSizeBytes;
            }
        }
    }
}
