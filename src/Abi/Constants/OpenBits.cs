namespace Cashew.Abi;

/// <summary>Flags of open(2).</summary>
/// <source>open(2)</source>
public static class OpenBits
{
    public const uint O_RDONLY = 0;
    public const uint O_WRONLY = 1;
    public const uint O_RDWR = 2;
    public const uint O_ACCMODE = 3;
    public const uint O_CREAT = 0x40;
    public const uint O_EXCL = 0x80;
    public const uint O_NOCTTY = 0x100;
    public const uint O_TRUNC = 0x200;
    public const uint O_APPEND = 0x400;
    public const uint O_NONBLOCK = 0x800;
    public const uint O_NDELAY = 0x800;
    public const uint O_DSYNC = 0x1000;
    public const uint O_ASYNC = 0x2000;
    public const uint O_DIRECT = 0x4000;
    public const uint O_LARGEFILE = 0x8000;
    public const uint O_DIRECTORY = 0x10000;
    public const uint O_NOFOLLOW = 0x20000;
    public const uint O_NOATIME = 0x40000;
    public const uint O_CLOEXEC = 0x80000;
    public const uint O_SYNC = 0x101000;
    public const uint O_PATH = 0x200000;
    public const uint O_TMPFILE = 0x410000;
}
