using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;
using Xunit;

namespace Cashew.Host.Processes;

/// <summary>What the loader makes of the headers of a program.</summary>
public sealed class ElfTests
{
    private const ulong Limit = UserAddress.LimitValue;
    private const int Page = UserAddress.PageSizeBytes;

    private static readonly ulong[] s_interesting =
    [
        0, 1, 2, 55, 56, 57, 64, Page - 1, Page, Page + 1, 65536, 65537, 0x40_0000, int.MaxValue, 1UL << 31,
        uint.MaxValue, 1UL << 32, Limit - Page, Limit - 1, Limit, Limit + 1, 1UL << 47, long.MaxValue - 65536,
        long.MaxValue - Page, long.MaxValue, 1UL << 63, ulong.MaxValue - Page, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    internal delegate void HeaderChange(ref ElfHeader header);

    internal delegate void EntryChange(ref ElfProgramHeader entry);

    private static readonly Dictionary<string, HeaderChange> s_refused = new()
    {
        ["machine of 32 bits"] = (ref ElfHeader h) => h.e_machine = 3,
        ["no machine"] = (ref ElfHeader h) => h.e_machine = 0,
        ["object file"] = (ref ElfHeader h) => h.e_type = 1,
        ["core file"] = (ref ElfHeader h) => h.e_type = 4,
        ["no type"] = (ref ElfHeader h) => h.e_type = 0,
        ["short entries"] = (ref ElfHeader h) => h.e_phentsize = 55,
        ["long entries"] = (ref ElfHeader h) => h.e_phentsize = 57,
        ["more than 64 KiB of entries"] = (ref ElfHeader h) => h.e_phnum = 1171,
        ["all entries there can be"] = (ref ElfHeader h) => h.e_phnum = ushort.MaxValue,
        ["table beyond all files"] = (ref ElfHeader h) => h.e_phoff = ulong.MaxValue,
        ["table at the end of the last file"] = (ref ElfHeader h) => h.e_phoff = long.MaxValue - 65535,
    };

    private static readonly Dictionary<string, HeaderChange> s_ignored = new()
    {
        ["version"] = (ref ElfHeader h) => h.e_version = 77,
        ["flags"] = (ref ElfHeader h) => h.e_flags = uint.MaxValue,
        ["header size"] = (ref ElfHeader h) => h.e_ehsize = 1,
        ["sections"] = (ref ElfHeader h) => (h.e_shoff, h.e_shnum, h.e_shentsize) = (ulong.MaxValue, 9, 1),
        ["entry"] = (ref ElfHeader h) => h.e_entry = ulong.MaxValue,
        ["as many entries as may be"] = (ref ElfHeader h) => h.e_phnum = 1170,
        ["position-independent"] = (ref ElfHeader h) => h.e_type = (ushort)Elf.ET_DYN,
    };

    private static readonly Dictionary<string, (EntryChange Change, Errno Error)> s_badEntries = new()
    {
        ["more in the file"] = ((ref ElfProgramHeader p) => p.p_filesz = p.p_memsz + 1, Errno.EINVAL),
        ["starts at the limit"] = ((ref ElfProgramHeader p) => p.p_vaddr = Limit, Errno.EINVAL),
        ["starts in the kernel"] = ((ref ElfProgramHeader p) => p.p_vaddr = ulong.MaxValue & ~4095UL, Errno.EINVAL),
        ["ends beyond the limit"] = ((ref ElfProgramHeader p) => p.p_memsz = Limit - p.p_vaddr + 1, Errno.EINVAL),
        ["wraps around"] = ((ref ElfProgramHeader p) => p.p_memsz = ulong.MaxValue, Errno.EINVAL),
        ["lies askew"] = ((ref ElfProgramHeader p) => p.p_offset += 1, Errno.EINVAL),
        ["offset of another sign"] = ((ref ElfProgramHeader p) => p.p_offset |= 1UL << 63, Errno.EINVAL),
        ["ends beyond all files"] =
            ((ref ElfProgramHeader p) => p.p_offset = long.MaxValue & ~4095L, Errno.EINVAL),
        ["no name"] = ((ref ElfProgramHeader p) => (p.p_type, p.p_filesz) = (Elf.PT_INTERP, 1), Errno.ENOEXEC),
        ["long name"] = ((ref ElfProgramHeader p) => (p.p_type, p.p_filesz) = (Elf.PT_INTERP, 4097), Errno.ENOEXEC),
        ["name beyond all files"] =
            ((ref ElfProgramHeader p) => (p.p_type, p.p_filesz, p.p_offset) = (Elf.PT_INTERP, 9, long.MaxValue),
            Errno.EINVAL),
    };

    public static TheoryData<string> Refused => [.. s_refused.Keys];

    public static TheoryData<string> Ignored => [.. s_ignored.Keys];

    public static TheoryData<string> BadEntries => [.. s_badEntries.Keys];

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_header_of_another_kind_of_file_is_refused(string name)
    {
        ElfImage image = new();
        s_refused[name](ref image.Header);
        Assert.False(ElfFileHeader.TryParse(image.ToBytes(), out _, out Errno error));
        Assert.Equal(Errno.ENOEXEC, error);
    }

    [Theory]
    [MemberData(nameof(Ignored))]
    public void What_running_does_not_need_is_not_looked_at(string name)
    {
        ElfImage image = new();
        s_ignored[name](ref image.Header);
        Assert.True(ElfFileHeader.TryParse(image.ToBytes(), out _, out Errno error), error.ToString());
    }

    [Fact]
    public void A_file_without_a_whole_header_is_refused()
    {
        byte[] bytes = new ElfImage().ToBytes();
        for (int length = 0; length < ElfFileHeader.SizeBytes; length++)
        {
            Assert.False(ElfFileHeader.TryParse(bytes.AsSpan(0, length), out _, out Errno error));
            Assert.Equal(Errno.ENOEXEC, error);
        }
    }

    [Fact]
    public void No_segment_to_load_is_nothing_to_run()
    {
        ElfImage image = new();
        for (int i = 0; i < image.Table.Count; i++) image[i].p_type = Elf.PT_NOTE;
        Assert.Equal(Errno.ENOEXEC, PlanError(image));
    }

    [Theory]
    [MemberData(nameof(BadEntries))]
    public void A_segment_that_cannot_be_is_refused(string name)
    {
        ElfImage image = new();
        s_badEntries[name].Change(ref image[1]);
        Assert.Equal(s_badEntries[name].Error, PlanError(image));
    }

    [Fact]
    public void A_plan_tells_where_everything_goes()
    {
        ElfImage image = new ElfImage().WithInterpreter("/lib/ld.so");
        image.Table.Add(new ElfProgramHeader { p_type = Elf.PT_GNU_STACK, p_flags = Elf.PF_R | Elf.PF_X });
        image[1].p_align = 0x20_0000;
        ElfPlan plan = Plan(image);

        Assert.Equal(ElfImage.CodeAddress, plan.Low);
        Assert.Equal(0x60_5000UL, plan.High);
        Assert.Equal(0x20_0000UL, plan.Alignment);
        Assert.Equal(ElfImage.CodeAddress + ElfImage.HeaderBytes, plan.TableAddress);
        Assert.True(plan.WantsExecutableStack);
        Assert.Equal("/lib/ld.so".Length + 1, plan.InterpreterBytes);
        Assert.Equal(ElfImage.CodeAddress, plan.CodeStart);
        Assert.Equal(ElfImage.CodeAddress + Page, plan.CodeEnd);
        Assert.Equal(ElfImage.DataAddress, plan.DataStart);
        Assert.Equal(ElfImage.DataAddress + ElfImage.DataFileBytes, plan.DataEnd);
        Assert.Equal(PageRights.Read | PageRights.Write, plan.Segments[1].Rights);
    }

    [Fact]
    public void A_program_header_table_that_is_not_loaded_has_no_address()
    {
        ElfImage image = new();
        image[0].p_offset = Page;
        Assert.Equal(0UL, Plan(image).TableAddress);
    }

    [Fact]
    public void An_alignment_that_is_no_power_of_two_is_ignored()
    {
        ElfImage image = new();
        image[0].p_align = 0x3000;
        Assert.Equal((ulong)Page, Plan(image).Alignment);
    }

    // Whatever the file says, what follows relies on this, and does not check it again.
    [Fact]
    public void A_plan_lies_in_user_space_whatever_the_headers_say()
    {
        Random random = new(1);
        int accepted = 0;
        for (int round = 0; round < 60_000; round++)
        {
            ElfImage image = random.Next(2) == 0 ? new ElfImage() : ElfImage.Relocatable();
            int changes = random.Next(1, 4);
            for (int i = 0; i < changes; i++) Spoil(random, ref image[random.Next(image.Table.Count)]);
            if (!ElfFileHeader.TryParse(image.ToBytes(), out ElfFileHeader header, out _)) continue;
            if (!ElfPlan.TryCreate(header, TableOf(image), out ElfPlan? plan, out _)) continue;
            CheckPlan(plan);
            accepted++;
        }

        Assert.InRange(accepted, 5_000, 55_000);
    }

    private static void CheckPlan(ElfPlan plan)
    {
        Assert.True(plan.Low <= plan.High && plan.High <= Limit);
        Assert.True(plan.Alignment >= Page && (plan.Alignment & plan.Alignment - 1) == 0);
        Assert.True(plan.InterpreterOffset >= 0 && plan.InterpreterBytes is >= 0 and <= 4096);
        foreach (ref readonly ElfSegment segment in plan.Segments)
        {
            Assert.Equal(0UL, segment.Start % Page);
            Assert.True(plan.Low <= segment.Start && segment.PagesEnd <= plan.High);
            Assert.True(segment.Start <= segment.FileEnd && segment.FileEnd <= segment.End);
            if (!segment.HasFilePages) continue;
            Assert.Equal(0UL, segment.FileOffset % Page);
            Assert.True(segment.FileOffset + (segment.FilePagesEnd - segment.Start) <= 1UL << 63);
        }
    }

    private static void Spoil(Random random, ref ElfProgramHeader entry)
    {
        bool isRandom = random.Next(4) == 0;
        ulong value = isRandom ? (ulong)random.NextInt64() : s_interesting[random.Next(s_interesting.Length)];
        switch (random.Next(7))
        {
            case 0: entry.p_type = (uint)random.Next(8); break;
            case 1: entry.p_flags = (uint)value; break;
            case 2: entry.p_offset = value; break;
            case 3: entry.p_vaddr = value; break;
            case 4: entry.p_filesz = value; break;
            case 5: entry.p_memsz = value; break;
            default: entry.p_align = value; break;
        }
    }

    private static ElfPlan Plan(ElfImage image)
    {
        Assert.True(ElfFileHeader.TryParse(image.ToBytes(), out ElfFileHeader header, out Errno error));
        Assert.True(ElfPlan.TryCreate(header, TableOf(image), out ElfPlan? plan, out error), error.ToString());
        return plan;
    }

    private static Errno PlanError(ElfImage image)
    {
        Assert.True(ElfFileHeader.TryParse(image.ToBytes(), out ElfFileHeader header, out _));
        Assert.False(ElfPlan.TryCreate(header, TableOf(image), out _, out Errno error));
        return error;
    }

    private static ReadOnlySpan<ElfProgramHeader> TableOf(ElfImage image) => CollectionsMarshal.AsSpan(image.Table);
}
