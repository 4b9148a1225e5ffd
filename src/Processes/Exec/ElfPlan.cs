using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// All that a program's headers ask for, checked. Whatever the file says, addresses in a plan do not overflow
/// and lie in user space, so mapping it can fail only for want of memory or for an overlap.
/// </summary>
public sealed class ElfPlan
{
    private const int MaxInterpreterBytes = 4096;

    private readonly ElfSegment[] _segments;

    private ElfPlan(in ElfFileHeader header, ElfSegment[] segments)
    {
        Header = header;
        _segments = segments;
    }

    public ElfFileHeader Header { get; }

    public ReadOnlySpan<ElfSegment> Segments => _segments;

    /// <summary>First page of the lowest segment and end of the highest, before the load bias.</summary>
    public ulong Low { get; private set; }

    public ulong High { get; private set; }

    public ulong LengthBytes => High - Low;

    /// <summary>The greatest alignment a segment asks for; at least a page.</summary>
    public ulong Alignment { get; private set; } = UserAddress.PageSizeBytes;

    /// <summary>Where the program finds its own headers in memory (AT_PHDR), or 0.</summary>
    public ulong TableAddress { get; private set; }

    /// <summary>PT_GNU_STACK asks for an executable stack. Without that header it is not.</summary>
    public bool WantsExecutableStack { get; private set; }

    /// <summary>Where the interpreter's name lies in the file; its length is 0 when there is none.</summary>
    public long InterpreterOffset { get; private set; }

    public int InterpreterBytes { get; private set; }

    public bool HasInterpreter => InterpreterBytes != 0;

    // Ranges that /proc/PID/stat reports.
    public ulong CodeStart { get; private set; } = ulong.MaxValue;

    public ulong CodeEnd { get; private set; }

    public ulong DataStart { get; private set; }

    public ulong DataEnd { get; private set; }

    /// <summary>Checks the program header table, which <paramref name="table"/> holds in full.</summary>
    /// <errors>
    /// ENOEXEC: nothing to load, or a malformed interpreter name.
    /// EINVAL: a segment that overflows, is larger in the file than in memory, or does not lie in the file as
    /// it lies in pages.
    /// </errors>
    public static bool TryCreate(
        in ElfFileHeader header, ReadOnlySpan<ElfProgramHeader> table, [NotNullWhen(true)] out ElfPlan? plan, out Errno error)
    {
        plan = null;
        ElfPlan draft = new(header, new ElfSegment[CountLoads(table)]);
        if (draft._segments.Length == 0)
        {
            error = Errno.ENOEXEC;
            return false;
        }

        int next = 0;
        foreach (ref readonly ElfProgramHeader entry in table)
        {
            error = draft.Take(entry, ref next);
            if (error != Errno.None) return false;
        }

        draft.FindRange();
        if (header.Type == ElfType.Shared) draft.Alignment = Math.Min(draft.Alignment, 1UL << 30);
        plan = draft;
        error = Errno.None;
        return true;
    }

    private static int CountLoads(ReadOnlySpan<ElfProgramHeader> table)
    {
        int count = 0;
        foreach (ref readonly ElfProgramHeader entry in table)
        {
            if (entry.p_type == Elf.PT_LOAD) count++;
        }

        return count;
    }

    private Errno Take(in ElfProgramHeader entry, ref int next)
    {
        switch (entry.p_type)
        {
            case Elf.PT_LOAD:
                Errno error = CheckLoad(entry);
                if (error != Errno.None) return error;
                _segments[next++] = new ElfSegment(entry);
                NoteLoad(entry);
                return Errno.None;

            case Elf.PT_INTERP when !HasInterpreter:
                if (entry.p_filesz is < 2 or > MaxInterpreterBytes) return Errno.ENOEXEC;
                if (entry.p_offset > long.MaxValue - MaxInterpreterBytes) return Errno.EINVAL;
                InterpreterOffset = (long)entry.p_offset;
                InterpreterBytes = (int)entry.p_filesz;
                return Errno.None;

            case Elf.PT_GNU_STACK:
                WantsExecutableStack = (entry.p_flags & Elf.PF_X) != 0;
                return Errno.None;

            default:
                return Errno.None;
        }
    }

    private static Errno CheckLoad(in ElfProgramHeader entry)
    {
        const ulong PageMask = UserAddress.PageSizeBytes - 1;
        if (entry.p_filesz > entry.p_memsz) return Errno.EINVAL;
        if (entry.p_vaddr >= UserAddress.LimitValue) return Errno.EINVAL;
        if (entry.p_memsz > UserAddress.LimitValue - entry.p_vaddr) return Errno.EINVAL;
        if (entry.p_filesz == 0) return Errno.None;

        if (((entry.p_offset ^ entry.p_vaddr) & PageMask) != 0) return Errno.EINVAL;
        if (entry.p_offset > long.MaxValue) return Errno.EINVAL;
        return entry.p_filesz > long.MaxValue - entry.p_offset ? Errno.EINVAL : Errno.None;
    }

    private void NoteLoad(in ElfProgramHeader entry)
    {
        ulong alignment = entry.p_align;
        if ((alignment & alignment - 1) == 0 && alignment > Alignment) Alignment = alignment;
        if (Header.TableOffset >= entry.p_offset && Header.TableOffset - entry.p_offset < entry.p_filesz)
            TableAddress = Header.TableOffset - entry.p_offset + entry.p_vaddr;

        ulong fileEnd = entry.p_vaddr + entry.p_filesz;
        if ((entry.p_flags & Elf.PF_X) != 0)
        {
            CodeStart = Math.Min(CodeStart, entry.p_vaddr);
            CodeEnd = Math.Max(CodeEnd, fileEnd);
        }

        DataStart = Math.Max(DataStart, entry.p_vaddr);
        DataEnd = Math.Max(DataEnd, fileEnd);
    }

    private void FindRange()
    {
        Low = ulong.MaxValue;
        foreach (ref readonly ElfSegment segment in Segments)
        {
            Low = Math.Min(Low, segment.Start);
            High = Math.Max(High, segment.PagesEnd);
        }

        if (CodeStart == ulong.MaxValue) CodeStart = Low;
    }
}
