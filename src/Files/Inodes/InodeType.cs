namespace Cashew.Files;

/// <summary>What kind of file an inode is. The values are those of the DT_* constants of getdents(2), which
/// are also the top four bits of st_mode.</summary>
/// <source>inode(7).</source>
public enum InodeType : byte
{
    Unknown = 0,
    Fifo = 1,
    CharacterDevice = 2,
    Directory = 4,
    BlockDevice = 6,
    Regular = 8,
    SymbolicLink = 10,
    Socket = 12,
}
