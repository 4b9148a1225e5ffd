namespace Cashew.Abi;

/// <summary>Mount flags as statfs(2) reports them.</summary>
/// <source>statfs(2)</source>
public static class StatfsBits
{
    public const long ST_RDONLY = 1;
    public const long ST_NOSUID = 2;
    public const long ST_NODEV = 4;
    public const long ST_NOEXEC = 8;
    public const long ST_SYNCHRONOUS = 0x10;
    public const long ST_VALID = 0x20;
    public const long ST_MANDLOCK = 0x40;
    public const long ST_NOATIME = 0x400;
    public const long ST_NODIRATIME = 0x800;
    public const long ST_RELATIME = 0x1000;
    public const long ST_NOSYMFOLLOW = 0x2000;
}
