namespace Cashew.Abi;

/// <summary>Special tv_nsec values of utimensat(2).</summary>
/// <source>utimensat(2)</source>
public static class UtimeNsec
{
    public const long UTIME_NOW = 1073741823;
    public const long UTIME_OMIT = 1073741822;
}
