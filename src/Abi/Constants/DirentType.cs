namespace Cashew.Abi;

/// <summary>File types in directory entries.</summary>
/// <source>getdents(2)</source>
public static class DirentType
{
    public const byte DT_UNKNOWN = 0;
    public const byte DT_FIFO = 1;
    public const byte DT_CHR = 2;
    public const byte DT_DIR = 4;
    public const byte DT_BLK = 6;
    public const byte DT_REG = 8;
    public const byte DT_LNK = 10;
    public const byte DT_SOCK = 12;
    public const byte DT_WHT = 14;
}
