namespace Cashew.Abi;

/// <summary>Advice of fadvise64(2).</summary>
/// <source>posix_fadvise(2)</source>
public static class FadviseAdvice
{
    public const int POSIX_FADV_NORMAL = 0;
    public const int POSIX_FADV_RANDOM = 1;
    public const int POSIX_FADV_SEQUENTIAL = 2;
    public const int POSIX_FADV_WILLNEED = 3;
    public const int POSIX_FADV_DONTNEED = 4;
    public const int POSIX_FADV_NOREUSE = 5;
}
