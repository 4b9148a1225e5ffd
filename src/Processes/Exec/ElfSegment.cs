using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// What one PT_LOAD asks for, in whole pages and before the load bias: pages of the file first, of which the
/// last may end in bytes to be zeroed, then pages of zeros.
/// </summary>
public readonly struct ElfSegment
{
    internal ElfSegment(in ElfProgramHeader header)
    {
        const ulong PageMask = UserAddress.PageSizeBytes - 1;
        ulong lead = header.p_vaddr & PageMask;
        Start = header.p_vaddr - lead;
        FileOffset = unchecked(header.p_offset - lead);
        FileEnd = header.p_filesz == 0 ? Start : header.p_vaddr + header.p_filesz;
        End = header.p_memsz == 0 ? Start : header.p_vaddr + header.p_memsz;
        Rights = RightsOf(header);
    }

    /// <summary>The first page's address.</summary>
    public ulong Start { get; }

    /// <summary>Where that page lies in the file.</summary>
    public ulong FileOffset { get; }

    /// <summary>The first byte that is not the file's; equals <see cref="Start"/> when nothing is.</summary>
    public ulong FileEnd { get; }

    /// <summary>The first byte after the segment.</summary>
    public ulong End { get; }

    public PageRights Rights { get; }

    public bool HasFilePages => FileEnd > Start;

    public ulong FilePagesEnd => PageUp(FileEnd);

    public ulong PagesEnd => PageUp(End);

    private static ulong PageUp(ulong address) =>
        address + (UserAddress.PageSizeBytes - 1) & ~(ulong)(UserAddress.PageSizeBytes - 1);

    private static PageRights RightsOf(in ElfProgramHeader header)
    {
        PageRights rights = PageRights.None;
        if ((header.p_flags & Elf.PF_R) != 0) rights |= PageRights.Read;
        if ((header.p_flags & Elf.PF_W) != 0) rights |= PageRights.Write;
        if ((header.p_flags & Elf.PF_X) != 0) rights |= PageRights.Execute;
        return rights;
    }
}
