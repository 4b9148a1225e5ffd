namespace Cashew.Abi;

/// <summary>Where lseek(2) counts from.</summary>
/// <source>lseek(2)</source>
public static class SeekWhence
{
    public const int SEEK_SET = 0;
    public const int SEEK_CUR = 1;
    public const int SEEK_END = 2;
    public const int SEEK_DATA = 3;
    public const int SEEK_HOLE = 4;
}
