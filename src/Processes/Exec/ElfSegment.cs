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
        ulong lead = header.Address & PageMask;
        Start = header.Address - lead;
        FileOffset = unchecked(header.Offset - lead);
        FileEnd = header.FileBytes == 0 ? Start : header.Address + header.FileBytes;
        End = header.MemoryBytes == 0 ? Start : header.Address + header.MemoryBytes;
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
        if (header.Has(ElfProgramHeader.FlagRead)) rights |= PageRights.Read;
        if (header.Has(ElfProgramHeader.FlagWrite)) rights |= PageRights.Write;
        if (header.Has(ElfProgramHeader.FlagExecute)) rights |= PageRights.Execute;
        return rights;
    }
}
