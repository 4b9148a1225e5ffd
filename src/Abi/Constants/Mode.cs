namespace Cashew.Abi;

/// <summary>File type and permission bits of st_mode.</summary>
/// <source>inode(7)</source>
public static class Mode
{
    public const uint S_IFMT = 0xF000; // 0170000
    public const uint S_IFSOCK = 0xC000; // 0140000
    public const uint S_IFLNK = 0xA000; // 0120000
    public const uint S_IFREG = 0x8000; // 0100000
    public const uint S_IFBLK = 0x6000; // 060000
    public const uint S_IFDIR = 0x4000; // 040000
    public const uint S_IFCHR = 0x2000; // 020000
    public const uint S_IFIFO = 0x1000; // 010000
    public const uint S_ISUID = 0x800; // 04000
    public const uint S_ISGID = 0x400; // 02000
    public const uint S_ISVTX = 0x200; // 01000
    public const uint S_IRWXU = 0x1C0; // 0700
    public const uint S_IRUSR = 0x100; // 0400
    public const uint S_IWUSR = 0x80; // 0200
    public const uint S_IXUSR = 0x40; // 0100
    public const uint S_IRWXG = 0x38; // 070
    public const uint S_IRGRP = 0x20; // 040
    public const uint S_IWGRP = 0x10; // 020
    public const uint S_IXGRP = 0x8; // 010
    public const uint S_IRWXO = 0x7; // 07
    public const uint S_IROTH = 0x4; // 04
    public const uint S_IWOTH = 0x2; // 02
    public const uint S_IXOTH = 0x1; // 01
}
